/** A history as the journal of a long run would hold it: no exchange is kept one by one but those around faults and of the baseline. */
import { Condenser, type CondenserBounds } from '../../src/journal/condenser.js';
import type { JournalEvent, NewEvent } from '../../src/journal/events.js';
import { foldJournal, type RunRecord } from '../../src/journal/record.js';
import { type History, journalOf } from './histories.js';

export function condensed(history: History, bounds: Partial<CondenserBounds> = {}): RunRecord {
  const condenser = new Condenser({ freeMax: 0, beforeMs: 1_000, afterMs: 2_000, ...bounds });
  const events: JournalEvent[] = [];
  const put = (news: readonly NewEvent[], atMs: number): void => {
    for (const event of news) events.push({ atMs, ...event, n: events.length + 1 } as JournalEvent);
  };
  let dueMs = 0;
  for (const { n: _n, ...event } of journalOf(history)) {
    for (; dueMs <= event.atMs; dueMs += 100) put(condenser.due(dueMs), dueMs);
    put(condenser.take(event as NewEvent, event.atMs), event.atMs);
  }
  return foldJournal(events);
}
