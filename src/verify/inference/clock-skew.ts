/**
 * Whether exchanges were recorded by a clock of their own. Hosts whose clocks differ put what one did before or after what the other knows of, and then a
 * breaker that opened too late opened in time. What a reader gets wrong: order alone shows it, for no clock says that it is wrong.
 */
import { formatMs } from '../../core/units.js';
import type { Exchanges } from '../../journal/exchanges.js';
import type { FaultWindow, Window } from '../../journal/record.js';
import type { DemandJoin } from './demand-join.js';
import { median } from './statistics.js';

/** A journal learns of a fault’s begin and end so much late, on a machine that stalls. */
const LATE_MS_MAX = 1_000;
/** An attempt may seem to begin so much before the request behind it: both are stamped by processes that are put off. */
const EARLY_MS_MAX = 100;
/** So few may be out of place for other reasons. */
const OUT_OF_PLACE_MIN = 5;
const OUT_OF_PLACE_SHARE = 0.5;

/** Of requests that say that the fault was applied to them, most lie outside of its time. In words; undefined where they do not. */
export function skewFromFault(exchanges: Exchanges, fault: FaultWindow): string | undefined {
  return exchanges.once(['skew', fault.fault, fault.fromMs, fault.toMs], () => {
    const { columns } = exchanges;
    const applied = exchanges.having((one) => one.applied?.includes(fault.fault) === true).rows;
    const byMs = Array.from(applied, (row) => Math.max(fault.fromMs - columns.endMs(row), columns.startMs(row) - fault.toMs));
    const outside = byMs.filter((ms) => ms > LATE_MS_MAX);
    if (!isMost(outside, applied.length)) return undefined;
    const seen = `${outside.length} of ${applied.length} requests that it was applied to lie outside of its time`;
    return `${seen}, half of them by ${formatMs(median(outside))} and more: they were recorded by another clock`;
  });
}

/** Most attempts of the baseline began before the requests that caused them, or long after these were answered. In words; undefined where they did not. */
export function skewFromCauses(join: DemandJoin, baseline: Window): string | undefined {
  const early: number[] = [];
  const late: number[] = [];
  let joined = 0;
  for (let i = 0; i < join.length; i += 1) {
    const startMs = join.startMs(i);
    if (startMs < baseline.fromMs || startMs >= baseline.toMs || join.attemptCount(i) === 0) continue;
    joined += 1;
    const [attempt] = join.attemptsOf(i);
    if (attempt === undefined) continue;
    if (startMs - attempt.startMs > EARLY_MS_MAX) early.push(startMs - attempt.startMs);
    const lateMs = attempt.startMs - join.request(i).endMs;
    if (lateMs > LATE_MS_MAX) late.push(lateMs);
  }
  const says = (some: readonly number[], where: string): string =>
    `${some.length} of ${joined} attempts in the baseline began ${where}, half of them by ${formatMs(median(some))} and more: the clocks of load and links differ`;
  if (isMost(early, joined)) return says(early, 'before the requests that caused them');
  return isMost(late, joined) ? says(late, 'long after their requests had been answered') : undefined;
}

function isMost(some: readonly number[], all: number): boolean {
  return some.length >= OUT_OF_PLACE_MIN && some.length > OUT_OF_PLACE_SHARE * all;
}
