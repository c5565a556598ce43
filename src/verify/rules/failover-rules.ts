/** What is demanded of a failover: in time, for good, and with no long stretch in which nobody was answered. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedExchange } from '../../journal/record.js';
import type { Outage } from '../inference/outage.js';
import type { RecoveryTime } from '../inference/recovery-time.js';
import { ascending, quantile, wilson } from '../inference/statistics.js';
import { atMost, formatSpan, type Rule } from './rule.js';
import { formatShare } from './share.js';

export interface FailoverLimits {
  within: number;
  /** 0…100. */
  successRate: number;
  minDemand: number;
}

/** Answered well, and while the fault was on. */
type IsHeard = (request: RecordedExchange) => boolean;

/** For how long a request that is well may have to wait: the p99 of the slowest of these groups of good answers, 0 where there are none. */
export function usualMs(groups: readonly ExchangeList[]): number {
  const p99 = groups.map((answers) => quantile(ascending(answers.map((e) => e.endMs - e.startMs)), 0.99));
  return Math.max(0, ...p99.filter(Number.isFinite));
}

export function tookOver(
  { within: withinMs, successRate }: FailoverLimits,
  time: Exclude<RecoveryTime, { kind: 'scarce' }>,
  isHeard: IsHeard,
): Rule {
  const limit = `>= ${successRate} % within ${formatMs(withinMs)}`;
  const isOver = time.kind === 'recovered';
  const share = formatShare((time.lastBad ?? []).filter(isHeard).length / Math.max(1, time.lastBad?.length ?? 0));
  const says = isOver
    ? `requests succeeded again from ${formatSpan(time.afterMs)} after the start of the fault on (promised: ${limit})`
    : `nobody took over: ${share} succeeded when the fault had been on for ${formatMs(time.afterMs[0])} (promised: ${limit})`;
  const met = atMost(time.afterMs, withinMs);
  return {
    name: 'failover after',
    value: isOver ? time.afterMs[1] : null,
    unit: 'ms',
    ...(isOver && { interval: time.afterMs }),
    limit,
    met,
    says,
  };
}

/** From one window after the failover until the fault ended. */
export function staysGood({ successRate, minDemand }: FailoverLimits, rest: ExchangeList, isHeard: IsHeard): Rule {
  const good = rest.filter(isHeard).length;
  const interval = wilson(good, rest.length);
  const missed = atMost([1 - interval[1], 1 - interval[0]], 1 - successRate / 100);
  const limit = `>= ${successRate} %`;
  const says = `then ${good} of ${rest.length} succeeded until the fault ended (promised: ${limit})`;
  const value = rest.length === 0 ? null : good / rest.length;
  return {
    name: 'succeeded after the failover',
    value,
    unit: 'ratio',
    interval,
    samples: rest.length,
    limit,
    met: rest.length < minDemand ? null : missed,
    says,
  };
}

export function unavailable(maxMs: number, outage: Outage | undefined): Rule {
  const limit = `<= ${formatMs(maxMs)}`;
  const interval = outage?.interval ?? ([0, 0] as const);
  const says =
    outage === undefined ? 'no request failed' : `nobody was answered for ${formatSpan(interval)} at a stretch (promised: ${limit})`;
  return { name: 'longest time without a success', value: interval[0], unit: 'ms', interval, limit, met: atMost(interval, maxMs), says };
}
