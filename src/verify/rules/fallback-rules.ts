/** What is promised of stand-ins, each as a rule. */
import { formatMs } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import { isLeak, type StandIn } from '../inference/stand-ins.js';
import { quantile, quantileInterval, wilson } from '../inference/statistics.js';
import { atMost, type Rule } from './rule.js';
import { formatShare } from './share.js';

export interface FallbackLimits {
  status?: readonly number[] | undefined;
  /** Only answers that the load knows for stand-ins. */
  marked: boolean;
  min: number;
  within?: number | undefined;
  errorLeaksMax?: number | undefined;
}

export function fallbackRules(limits: FallbackLimits, standIns: readonly StandIn[]): Rule[] {
  const given = standIns.filter(({ request }) => isStandIn(limits, request));
  return [answered(limits, { given, standIns }), ...soon(limits, given), ...leaking(limits, standIns)];
}

export function isStandIn({ status, marked }: Pick<FallbackLimits, 'status' | 'marked'>, request: StandIn['request']): boolean {
  if (marked && request.isStandIn !== true) return false;
  if (!isSuccess(request) || request.status === undefined) return false;
  return status === undefined ? request.status < 400 : status.includes(request.status);
}

/** Those that were answered as ever without asking, up to `most`: they had no need of a stand-in. */
export function sparedOf(
  limits: Pick<FallbackLimits, 'status' | 'marked'>,
  { standIns, most }: { standIns: readonly StandIn[]; most: number },
): ReadonlySet<StandIn> {
  const isOrdinary = ({ request, attempts }: StandIn): boolean =>
    attempts.length === 0 && isSuccess(request) && !isStandIn(limits, request);
  return new Set(standIns.filter(isOrdinary).slice(0, most));
}

function answered({ min }: FallbackLimits, { given, standIns }: { given: readonly StandIn[]; standIns: readonly StandIn[] }): Rule {
  const [hits, samples, limit] = [given.length, standIns.length, `>= ${formatShare(min / 100)}`];
  const interval = wilson(hits, samples);
  // For the promise counts what was seen, against it what was seen beyond chance.
  const met = hits / samples >= min / 100 ? true : interval[1] < min / 100 ? false : null;
  const says = `${hits} of ${samples} requests that had to do without it got a stand-in, ${formatShare(hits / samples)} (promised: ${limit})`;
  return { name: 'stand-ins', value: hits / samples, unit: 'ratio', interval, samples, limit, met, says };
}

function soon({ within }: FallbackLimits, given: readonly StandIn[]): Rule[] {
  if (within === undefined) return [];
  const tookMs = given.map(({ request }) => request.endMs - request.startMs).sort((a, b) => a - b);
  const [value, interval, limit] = [quantile(tookMs, 0.95), quantileInterval(tookMs, 0.95), `<= ${formatMs(within)}`];
  const rule = { name: 'p95 of stand-ins', unit: 'ms', samples: tookMs.length, limit } as const;
  if (tookMs.length === 0) return [{ ...rule, value: null, met: null, says: 'there was none whose time could be taken' }];
  const met = value <= within ? true : (atMost(interval, within) ?? null);
  return [{ ...rule, value, interval, met, says: `the slowest 5 % of them took ${formatMs(value)} and more (promised: ${limit})` }];
}

function leaking({ errorLeaksMax }: FallbackLimits, standIns: readonly StandIn[]): Rule[] {
  if (errorLeaksMax === undefined) return [];
  const leaks = standIns.filter(isLeak).length;
  const says = `${leaks} of ${standIns.length} requests were told the dependency’s own failure`;
  return [
    {
      name: 'leaked failures',
      value: leaks,
      unit: 'requests',
      samples: standIns.length,
      limit: `<= ${errorLeaksMax}`,
      met: leaks <= errorLeaksMax,
      says,
    },
  ];
}
