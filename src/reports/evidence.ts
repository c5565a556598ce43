/** Event numbers turned back into what they were, so that a reader can judge the proof without opening the journal. */
import { plain } from '../journal/columns/exchange-view.js';
import type { JournalEvent } from '../journal/events.js';
import type { RunRecord } from '../journal/record.js';
import { probeSentence, sentenceOf } from './sentence.js';

export interface EvidenceLine {
  n: number;
  /** NaN where the journal has no such event. */
  atMs: number;
  sentence: string;
}

/** One line for each number asked for, in the order of the journal. */
export function evidenceLines(record: RunRecord, numbers: Iterable<number>): ReadonlyMap<number, EvidenceLine> {
  const wanted = new Set([...numbers].sort((a, b) => a - b));
  const lines = new Map<number, EvidenceLine>();
  for (const n of wanted) lines.set(n, { n, atMs: Number.NaN, sentence: 'not in this journal' });
  const found = (event: JournalEvent): void => {
    if (!wanted.has(event.n)) return;
    const sentence = event.type === 'probeResult' ? probeSentence(event) : (sentenceOf(event) ?? event.type);
    lines.set(event.n, { n: event.n, atMs: event.atMs, sentence });
  };
  for (const event of record.events) found(event);
  for (const exchange of record.exchanges.numbered(wanted)) found({ type: 'exchange', atMs: exchange.endMs, ...plain(exchange) });
  for (const one of record.connections) if (wanted.has(one.n)) found({ type: 'connection', atMs: one.endMs, ...one });
  return lines;
}
