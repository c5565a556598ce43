/** What is to be known of a run into which people put faults of their own: its verdict is of what really happened, and nobody can have that again. */
import { listed } from '../core/suggest.js';
import type { JournalEvent } from '../journal/events.js';
import { plural } from './wording.js';

/** One sentence without a full stop; undefined where the plan was alone. */
export function byHandNote(events: readonly JournalEvent[]): string | undefined {
  const put = events.filter((event) => event.type === 'handFault' && event.change === 'applied');
  if (put.length === 0) return undefined;
  const whose = listed([...new Set(put.flatMap((event) => (event.type === 'handFault' ? [event.by] : [])))]);
  return `${plural(put.length, 'fault')} beside the plan, put on by hand by ${whose}: a replay does not repeat ${put.length === 1 ? 'it' : 'them'}`;
}
