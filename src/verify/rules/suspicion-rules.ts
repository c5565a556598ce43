/** What a failure detector is judged by: whom it had to suspect and how soon, and whom it suspected for nothing. */
import { formatMs } from '../../core/units.js';
import type { FaultWindow, Window } from '../../journal/record.js';
import { ASK_EVERY_MS } from '../inference/suspicions.js';
import type { StateLane } from '../state-lane.js';
import type { Rule } from './rule.js';

/** What a detector thought of each instance, and when a fault was on it. */
export interface Watched {
  fault: FaultWindow;
  instances: readonly { instance: string; demand: number; suspicions: readonly Window[]; hit: readonly Window[] }[];
  span: Window;
}

/** Whether an instance was suspected in time, while the fault was on. */
export function noticed(
  name: string,
  { withinMs, minDemand }: { withinMs: number; minDemand: number },
  { fault, instances }: Watched,
): Rule {
  const one = instances.find(({ instance }) => instance === name);
  const held = one?.suspicions.find((suspicion) => suspicion.toMs > fault.fromMs && suspicion.fromMs < fault.toMs);
  const afterMs = held === undefined ? null : Math.max(0, held.fromMs - fault.fromMs);
  const demand = one?.demand ?? 0;
  const lastedMs = fault.toMs - fault.fromMs;
  const isEnough = demand >= minDemand;
  const inTime = afterMs !== null && afterMs <= withinMs + ASK_EVERY_MS;
  // A fault that was over sooner gave it no chance to be late.
  const met = !isEnough ? null : inTime ? true : afterMs === null && lastedMs < withinMs ? null : false;
  const few = isEnough ? '' : `; it answered ${demand} requests before, and ${minDemand} are needed to judge`;
  const says = afterMs === null ? `${name} was not suspected in ${formatMs(lastedMs)}` : `${name} was suspected after ${formatMs(afterMs)}`;
  return {
    name: `${name} suspected after`,
    value: afterMs,
    unit: 'ms',
    samples: demand,
    limit: `<= ${formatMs(withinMs)}`,
    met,
    says: `${says}${few}`,
  };
}

/** Suspicions of instances on which no fault was. */
export function mistaken(mistakes: number, { instances }: Watched): Rule {
  const wrong = instances.flatMap(({ instance, suspicions, hit }) =>
    suspicions.filter((one) => !hit.some(({ fromMs, toMs }) => one.fromMs < toMs && one.toMs > fromMs)).map(() => instance),
  );
  const whom = wrong.length === 0 ? '' : `: ${[...new Set(wrong)].join(', ')}`;
  return {
    name: 'wrong suspicions',
    value: wrong.length,
    unit: 'count',
    limit: `<= ${mistakes}`,
    met: wrong.length <= mistakes,
    says: `${wrong.length} wrong suspicions${whom}`,
  };
}

/** Trust and suspicion over time. */
export function suspicionLane(subject: string, suspicions: readonly Window[], { fromMs, toMs }: Window): StateLane {
  const segments: { state: string; fromMs: number; toMs: number }[] = [];
  let atMs = fromMs;
  for (const suspicion of suspicions) {
    if (suspicion.fromMs > atMs) segments.push({ state: 'trusted', fromMs: atMs, toMs: suspicion.fromMs });
    segments.push({ state: 'suspected', ...suspicion });
    atMs = suspicion.toMs;
  }
  if (atMs < toMs) segments.push({ state: 'trusted', fromMs: atMs, toMs });
  return { subject, kind: 'suspicion', segments };
}
