import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../src/history/decisions.js';
import type { JournalEvent, NewEvent } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';

/** `a->b: +-+` are three requests on that link, of which the fault of step `slow` hit the first and the last. */
function record(run: string, links: Readonly<Record<string, string>>) {
  const fault = `${run}/slow`;
  const step = {
    name: 'slow',
    kind: 'fault',
    startAfter: [],
    fault: { type: 'delay', performs: 'delay', links: [], instances: [], durationMs: 1, minMatched: 1, summary: '' },
  };
  const sent = Object.entries(links).flatMap(([link, hits]) =>
    Array.from(hits).map((hit, i) => ({
      type: 'exchange',
      link,
      from: 'a',
      to: 'b',
      connection: 1,
      ordinal: i + 1,
      method: 'GET',
      path: '/',
      end: 'complete',
      bytesUp: 0,
      bytesDown: 0,
      startMs: 10 + i,
      endMs: 20 + i,
      matched: [fault],
      ...(hit === '+' && { applied: [fault] }),
    })),
  );
  const events = [{ type: 'runStarted', run, plan: { steps: [step] } }, { type: 'faultApplied', fault, step: 'slow' }, ...sent];
  return foldJournal(events.map((event, i) => ({ n: i + 1, atMs: i, ...(event as NewEvent) }) as unknown as JournalEvent));
}

describe('whom a fault hit in two runs', () => {
  it('is the same, link by link, whatever the runs are called', () => {
    const agreement = agreementOf(record('mon', { 'a->b': '+-+', 'a->c': '-' }), record('tue', { 'a->c': '-', 'a->b': '+-+' }));
    expect(agreement).toEqual([{ step: 'slow', compared: 4, same: 4, unmatched: 0 }]);
  });

  it('differs where one was hit and the other was not, and where one run had less traffic', () => {
    const agreement = agreementOf(record('mon', { 'a->b': '+-+--' }), record('tue', { 'a->b': '++-', 'a->c': '+' }));
    expect(agreement).toEqual([{ step: 'slow', compared: 3, same: 1, unmatched: 3 }]);
  });

  it('is nothing where no fault met anybody', () => {
    expect(agreementOf(record('mon', {}), record('tue', {}))).toEqual([]);
  });
});
