/** Where a fault of one click is on: the instance itself, or links that lead to it. Pure. */
import type { RecordedLink } from '../../../../../src/journal/events.js';
import type { RecordedPlayAct } from '../../../../../src/journal/recorded-play.js';

type Link = Pick<RecordedLink, 'name' | 'to' | 'fromService'>;

export function meets(
  { isOnProcess, from }: Pick<RecordedPlayAct, 'isOnProcess' | 'from'>,
  { name, links }: { name: string; links: readonly Link[] },
): readonly string[] {
  if (isOnProcess) return [name];
  return links.filter(({ to, fromService }) => to === name && (from === undefined || from === fromService)).map((link) => link.name);
}
