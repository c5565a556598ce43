/**
 * Limits of time beside the time that there will be to see them broken in. What a reader gets wrong: a limit that nobody can be seen to break is
 * no error in the plan, the promise only proves less than it seems to.
 */
import { formatMs } from '../../core/units.js';
import type { Foresight, Prospect } from '../foresight.js';

/** That something came too late can only be said of a fault that is on for longer than it may take. */
export function endsBefore(prospect: Prospect | undefined, limitMs: number | undefined): readonly Foresight[] {
  if (prospect === undefined || limitMs === undefined || prospect.durationMs >= limitMs) return [];
  const says = `"${prospect.step}" ends after ${formatMs(prospect.durationMs)}, sooner than the ${formatMs(limitMs)} that are allowed`;
  return [{ kind: 'cannotFail', says }];
}

/** That something was not back in time can only be said if the traffic is followed for so long. */
export function leftBefore(
  prospect: Prospect | undefined,
  limitMs: number | undefined,
  where: keyof Prospect['followedMs'],
): readonly Foresight[] {
  if (prospect === undefined || limitMs === undefined || prospect.followedMs[where] >= limitMs) return [];
  const followed = formatMs(prospect.followedMs[where]);
  const until = where === 'everywhere' ? 'the next fault' : 'the next fault on its links';
  const says = `after "${prospect.step}" there are ${followed} until ${until} or the end, and ${formatMs(limitMs)} are allowed`;
  return [{ kind: 'cannotFail', says }];
}
