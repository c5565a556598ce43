/** What is promised of a service that gets more than it can do, each as a rule. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { Measurement } from '../check.js';
import type { Classes, Knee, Level } from '../inference/goodput.js';
import { quantile, quantileInterval, wilson } from '../inference/statistics.js';
import { atMost, type Rule } from './rule.js';
import { formatShare, isRare } from './share.js';

export interface SheddingLimits {
  goodputKept: number;
  acceptedP95?: number | undefined;
  rejectsWithin?: number | undefined;
  fairness?: { max: number } | undefined;
}

export interface SheddingScene {
  limits: SheddingLimits;
  requests: ExchangeList;
  classes: Classes;
  levels: readonly Level[];
  knee: Knee;
  /** Attempts that rejected requests have led to; undefined where nothing joins them. */
  attemptsOfRejected: number | undefined;
  /** Whether they are not to lead to any. */
  isEarly: boolean;
}

/** Rejected requests of a route, without which its share is not compared. */
const ROUTE_MIN = 50;

export function sheddingRules(scene: SheddingScene): Rule[] {
  const { acceptedP95, rejectsWithin, fairness } = scene.limits;
  return [
    plateauRule(scene),
    ...(acceptedP95 === undefined ? [] : [acceptedRule(acceptedP95, scene)]),
    ...(rejectsWithin === undefined ? [] : [rejectRule(rejectsWithin, scene)]),
    ...(fairness === undefined ? [] : [fairnessRule(fairness.max, scene)]),
    ...(scene.isEarly ? [earlyRule(scene)] : []),
  ];
}

function perSecond(value: number): string {
  return `${value.toFixed(1)}/s`;
}

function plateauRule({ limits: { goodputKept }, knee: { kept, keptInterval, peak, top }, levels }: SheddingScene): Rule {
  const limit = `>= ${formatShare(goodputKept / 100)}`;
  const met = kept >= goodputKept / 100 ? true : keptInterval[1] < goodputKept / 100 ? false : null;
  const best = `${perSecond(peak.goodPerSecond)} good answers at best`;
  const says = `${best}, ${perSecond(top.goodPerSecond)} at ${perSecond(top.offeredPerSecond)} offered: ${formatShare(kept)} of it (promised: ${limit})`;
  return { name: 'goodput kept', value: kept, unit: 'ratio', interval: keptInterval, samples: levels.length, limit, met, says };
}

/** Accepted is what was not rejected, answered well or not: those that waited in vain count most of all. */
function acceptedRule(limitMs: number, { requests, classes }: SheddingScene): Rule {
  const tookMs = requests
    .filter((request) => !classes.isRejected(request))
    .map(({ startMs, endMs }) => endMs - startMs)
    .sort((a, b) => a - b);
  const [value, interval, limit] = [quantile(tookMs, 0.95), quantileInterval(tookMs, 0.95), `<= ${formatMs(limitMs)}`];
  const met = tookMs.length === 0 ? null : value <= limitMs ? true : atMost(interval, limitMs);
  const says = `of ${tookMs.length} accepted requests the slowest 5 % took ${formatMs(value)} and more (promised: ${limit})`;
  return {
    name: 'p95 of accepted requests',
    value: tookMs.length === 0 ? null : value,
    unit: 'ms',
    interval,
    samples: tookMs.length,
    limit,
    met,
    says,
  };
}

function rejectRule(limitMs: number, { requests, classes }: SheddingScene): Rule {
  const rejected = requests.filter(classes.isRejected);
  const late = rejected.filter(({ startMs, endMs }) => endMs - startMs > limitMs).length;
  const limit = `<= ${formatMs(limitMs)}`;
  const met = rejected.length === 0 ? false : isRare(late, rejected.length);
  const says =
    rejected.length === 0
      ? 'nobody was rejected although there was more than could be done'
      : `${late} of ${rejected.length} rejections took longer than ${formatMs(limitMs)}`;
  return { name: 'late rejections', value: late, unit: 'requests', samples: rejected.length, limit, met, says };
}

/** Shed shares of the routes: Bonferroni over their pairs, because the worst of many is looked for. */
function fairnessRule(max: number, { requests, classes }: SheddingScene): Rule {
  const shares = sharesByRoute(requests, classes);
  const limit = `<= ${formatShare(max / 100)}`;
  const rule = { name: 'shed shares of routes, most less least', unit: 'ratio', limit } as const;
  const z = zOfPairs(shares.length);
  const bounded = shares.map((share) => ({ ...share, interval: wilson(share.hits, share.samples, z) }));
  const most = [...bounded].sort((a, b) => b.hits / b.samples - a.hits / a.samples)[0];
  const least = [...bounded].sort((a, b) => a.hits / a.samples - b.hits / b.samples)[0];
  if (most === undefined || least === undefined || most === least) {
    return { ...rule, value: null, met: null, says: `fewer than two routes had ${ROUTE_MIN} requests while there was too much` };
  }
  const value = most.hits / most.samples - least.hits / least.samples;
  const surely = most.interval[0] - least.interval[1];
  const met = value <= max / 100 ? true : surely > max / 100 ? false : null;
  const of = (share: typeof most): string => `${formatShare(share.hits / share.samples)} of ${share.route}`;
  return {
    ...rule,
    value,
    samples: most.samples + least.samples,
    met,
    says: `${of(most)} were shed and ${of(least)} (promised: ${limit} apart)`,
  };
}

function sharesByRoute(requests: ExchangeList, { isRejected }: Classes): { route: string; hits: number; samples: number }[] {
  const byRoute = new Map<string, { route: string; hits: number; samples: number }>();
  for (const request of requests) {
    const route = request.route ?? request.method;
    const share = byRoute.get(route) ?? { route, hits: 0, samples: 0 };
    share.samples += 1;
    if (isRejected(request)) share.hits += 1;
    byRoute.set(route, share);
  }
  return [...byRoute.values()].filter(({ samples }) => samples >= ROUTE_MIN);
}

/** Two-sided 5 % shared among all pairs: an upper bound of the normal point, good to 2 %. */
function zOfPairs(routes: number): number {
  const tests = Math.max(1, (routes * (routes - 1)) / 2);
  return Math.sqrt(2 * Math.log(tests / 0.05)) * 0.92;
}

function earlyRule({ attemptsOfRejected, requests, classes }: SheddingScene): Rule {
  const rejected = requests.filter(classes.isRejected).length;
  const rule = { name: 'attempts of rejected requests', unit: 'requests', limit: '<= 0', samples: rejected } as const;
  if (attemptsOfRejected === undefined) {
    return { ...rule, value: null, met: null, says: 'what rejected requests have led to cannot be told without correlation' };
  }
  const says = `${attemptsOfRejected} of ${rejected} rejected requests had been sent on before they were rejected`;
  return { ...rule, value: attemptsOfRejected, met: rejected === 0 ? null : isRare(attemptsOfRejected, rejected), says };
}

export function sheddingFacts({ knee, levels }: SheddingScene): Measurement[] {
  return [
    { name: 'knee', value: knee.offeredPerSecond, unit: 'requests', samples: levels.length },
    {
      name: 'best goodput per second',
      value: knee.peak.goodPerSecond,
      unit: 'requests',
      interval: knee.peak.interval,
      samples: knee.peak.bins,
    },
    ...levels.map(
      (level): Measurement => ({
        name: `goodput per second at ${perSecond(level.offeredPerSecond)}`,
        value: level.goodPerSecond,
        unit: 'requests',
        interval: level.interval,
        samples: level.bins,
      }),
    ),
    { name: 'rejected at the highest load', value: knee.top.rejectedShare, unit: 'ratio', samples: knee.top.bins },
  ];
}
