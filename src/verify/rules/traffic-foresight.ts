/**
 * What a fault makes of promises about the very requests that it hits: too many that fail, too many that take too long, too few that are sent. What
 * a reader gets wrong: this is said only where every link between the two has the fault; elsewhere the callers have a choice, and may use it.
 */
import { formatMs } from '../../core/units.js';
import { LOAD } from '../../journal/observations.js';
import type { Foresight, Outlook, Prospect } from '../foresight.js';
import { instancesOf } from '../inference/traffic.js';
import { formatShare } from './share.js';

/** Shares this near to a limit may fall on either side of it. */
const MARGIN = 0.8;

interface TrafficParams {
  from: string;
  to: string;
  during?: string | readonly string[] | undefined;
}

/** At most `badMax` of the requests (0…1) may fail, or take longer than `goodWithinMs`. */
export function foreseeBad(
  { badMax, goodWithinMs, ...traffic }: TrafficParams & { badMax: number; goodWithinMs?: number | undefined },
  outlook: Outlook,
): readonly Foresight[] {
  return harming(traffic, outlook).flatMap(({ step, harm, share }): readonly Foresight[] => {
    if (MARGIN * share <= badMax || (harm.kind === 'waits' && harm.forMs <= (goodWithinMs ?? Infinity))) return [];
    const does = harm.kind === 'fails' ? 'fails' : 'makes wait for longer than that';
    return [
      { kind: 'cannotPass', says: `"${step}" ${does} ${formatShare(share)} of these very requests, and ${formatShare(badMax)} may be bad` },
    ];
  });
}

/** All but `slowMax` of the requests (0…1) must be answered within `maxMs`. */
export function foreseeSlow(
  { slowMax, maxMs, ...traffic }: TrafficParams & { slowMax: number; maxMs: number | undefined },
  outlook: Outlook,
): readonly Foresight[] {
  return harming(traffic, outlook).flatMap(({ step, harm, share }): readonly Foresight[] => {
    if (maxMs === undefined || harm.kind === 'fails' || harm.forMs <= maxMs || MARGIN * share <= slowMax) return [];
    const wait = Number.isFinite(harm.forMs) ? `wait ${formatMs(harm.forMs)}` : 'wait until its end';
    return [
      {
        kind: 'cannotPass',
        says: `"${step}" makes ${formatShare(share)} of these very requests ${wait}, and ${formatMs(maxMs)} are allowed`,
      },
    ];
  });
}

/** So many must succeed a second. What the load does not send cannot. */
export function foreseeTooFew(
  { minPerSecond, ...traffic }: TrafficParams & { minPerSecond: number },
  outlook: Outlook,
): readonly Foresight[] {
  if (traffic.from !== LOAD) return [];
  const perSecond = (count: number): string => `${Number(count.toPrecision(3))}/s`;
  return stepsOf(traffic).flatMap((name): readonly Foresight[] => {
    const sent = outlook.during(name)?.requestsPerSecond;
    if (sent === undefined || sent >= minPerSecond) return [];
    return [
      { kind: 'cannotJudge', says: `the load sends ${perSecond(sent)} while "${name}" is on, and ${perSecond(minPerSecond)} must succeed` },
    ];
  });
}

type Harming = Prospect & { harm: NonNullable<Prospect['harm']> };

/** Steps whose fault, and no other, is on every link from the one to the other and takes all requests alike. */
function harming(traffic: TrafficParams, outlook: Outlook): readonly Harming[] {
  const [callers, callees] = [instancesOf(outlook, traffic.from), instancesOf(outlook, traffic.to)];
  const links = outlook.plan.links.filter(({ from, to }) => callers.includes(from) && callees.includes(to));
  return stepsOf(traffic).flatMap((name) => {
    const prospect = outlook.during(name);
    if (prospect?.harm === undefined || prospect.isAtMost || !prospect.isAlone || links.length === 0) return [];
    return links.every((link) => prospect.fault.links.includes(link.name)) ? [{ ...prospect, harm: prospect.harm }] : [];
  });
}

function stepsOf({ during = [] }: TrafficParams): readonly string[] {
  return [during].flat();
}
