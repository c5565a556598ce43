/** What `circuitBreaker` holds against its limits, for one caller and one dependency, in figures and sentences. */
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { List } from '../../journal/list.js';
import type { FaultWindow } from '../../journal/record.js';
import type { Correlation, Measurement } from '../check.js';
import type { Episode } from '../inference/breaker.js';
import type { Demand } from '../inference/demand.js';
import type { Burst } from '../inference/half-open.js';
import { type Interval, quantile, wilson } from '../inference/statistics.js';
import { within } from '../inference/traffic.js';
import { lengthMs } from './fault-of-step.js';
import { atMost, formatSpan, type Rule } from './rule.js';

/** Requests turned away below which "nothing leaked" would only mean that nothing was tried. */
const SHORT_CIRCUITED_MIN = 20;
/** The caller itself must have answered at least this share while the dependency was quiet, else it may simply have been down. */
const ANSWERED_MIN = 0.5;
/** Machines that run tests stall for so long. */
const STALL_MS = 100;

export interface BreakerLimits {
  opensWithin: number;
  leaksMax?: number | undefined;
  halfOpenTrials?: { max: number } | undefined;
  openFor?: { min?: number | undefined; max?: number | undefined } | undefined;
  closesAfterHealWithin?: number | undefined;
}

export interface BreakerScene {
  limits: BreakerLimits;
  fault: FaultWindow;
  /** `gateway -> payments` */
  subject: string;
  correlation: Correlation;
  /** Routes that the fault left alone, and that are not looked at: breakers may be theirs alone. */
  spared: readonly string[];
  /** Instances of the caller that are looked at together, each with a breaker of its own perhaps. */
  callers: number;
  /** Connections that the fault cut before a request was on them: attempts of which only the time is known. */
  dials: number;
  /** All demand, in order of start. */
  demands: List<Demand>;
  episodes: readonly Episode[];
  /** Attempts that the fault reached, in order of start. */
  faulted: ExchangeList;
  /** Up to when this fault alone explains what is seen. */
  upToMs: number;
}

/** Why this cannot be judged; undefined when it can. */
export function breakerObstacle({ episodes, fault, subject }: Pick<BreakerScene, 'episodes' | 'fault' | 'subject'>): string | undefined {
  const before = episodes.find((e) => e.opened[1] < fault.fromMs && (e.closed?.[1] ?? Infinity) > fault.fromMs);
  if (before !== undefined) return `the breaker of ${subject} was open already when the fault began`;
  const turnedAway = duringFault({ episodes, fault }).flatMap((e) => [...e.shortCircuited]);
  const answered = turnedAway.filter((d) => d.answered).length;
  if (turnedAway.length > 0 && answered / turnedAway.length < ANSWERED_MIN) {
    return `${subject}: the caller answered only ${answered} of ${turnedAway.length} requests while the dependency was quiet, so it may have been down itself`;
  }
  return undefined;
}

/** The times open that this fault accounts for. */
export function duringFault({ episodes, fault }: Pick<BreakerScene, 'episodes' | 'fault'>): readonly Episode[] {
  return episodes.filter((e) => e.opened[1] >= fault.fromMs && e.opened[0] < fault.toMs);
}

export function breakerRules(scene: BreakerScene): Rule[] {
  const ofOne = [...leaking(scene), ...waiting(scene), ...trying(scene)];
  return [opening(scene), ...ofOne.map((rule) => doubtOfDials(doubtOfSeveral(rule, scene), scene)), ...closing(scene)];
}

/** A dial may be that of a pool or of a health check, and none says whose it was: single ones tell neither leaks nor trials. */
function doubtOfDials(rule: Rule, { dials }: BreakerScene): Rule {
  if (rule.met !== false || dials === 0) return rule;
  const why = `the fault cut ${dials} connections before a request was on them, so what was asked of them is not known`;
  return { ...rule, met: null, says: `${rule.says}, which decides nothing: ${why}` };
}

/** Trials of the one look like leaks of the other. */
function doubtOfSeveral(rule: Rule, { callers }: BreakerScene): Rule {
  if (rule.met !== false || callers <= 1) return rule;
  const why = `the caller has ${callers} instances, each with a breaker of its own perhaps, and the load does not call them one by one`;
  return { ...rule, met: null, says: `${rule.says}, which decides nothing: ${why}` };
}

function opening(scene: BreakerScene): Rule {
  const { limits, fault, faulted } = scene;
  const limit = formatMs(limits.opensWithin);
  const [first] = duringFault(scene);
  const rule = { name: 'opens after', unit: 'ms', limit: `<= ${limit}` } as const;
  if (first === undefined) {
    const isLongEnough = lengthMs(fault) >= limits.opensWithin;
    const demand = within(scene.demands, fault).length;
    const never = `never opened: ${demand} requests needed it while the fault was on, ${faulted.length} faulted attempts crossed the wire`;
    const shortly = `did not open, but the fault was on for only ${formatMs(lengthMs(fault))} of the ${limit} allowed`;
    return { ...rule, value: null, samples: demand, met: isLongEnough ? false : null, says: isLongEnough ? never : shortly };
  }
  if (first.isPool) {
    const says = `did not open: ${first.shortCircuited.length} requests were turned away by a full pool, for others got through as soon as one ahead of them had ended`;
    return { ...rule, value: null, samples: faulted.length, met: false, says };
  }
  const afterMs: Interval = [Math.max(0, first.opened[0] - fault.fromMs), Math.max(0, first.opened[1] - fault.fromMs)];
  const met = atMost(afterMs, limits.opensWithin);
  const before = faulted.filter((attempt) => attempt.endMs <= first.opened[1]).length;
  const late =
    met === true
      ? ''
      : met === false
        ? `, too late for the limit of ${limit}`
        : `, which leaves open whether the limit of ${limit} was kept`;
  return {
    ...rule,
    value: afterMs[1],
    interval: afterMs,
    samples: before,
    met,
    says: `opened ${formatSpan(afterMs)} after the fault began, after ${before} faulted attempts${late}`,
  };
}

/** Passes that count as leaks: those that began while the fault was on. Later ones may be the way back to closed. */
function leaksOf({ fault, ...scene }: BreakerScene): Demand[] {
  return duringFault({ fault, ...scene }).flatMap((e) => e.leaks.filter((d) => d.startMs < fault.toMs));
}

function leaking(scene: BreakerScene): Rule[] {
  const { limits, correlation } = scene;
  const episodes = duringFault(scene);
  if (limits.leaksMax === undefined || episodes.length === 0) return [];
  const rule = { name: 'leaks while open', unit: 'requests', limit: `<= ${limits.leaksMax}` } as const;
  if (correlation === 'C0') return [{ ...rule, value: null, met: null, says: 'leaks cannot be told without correlation' }];
  const leaks = leaksOf(scene).length;
  const turnedAway = episodes.reduce((sum, e) => sum + e.shortCircuited.length, 0);
  const tried = leaks + turnedAway;
  const isPartial = episodes.some((e) => e.isPartial);
  const share = `${leaks} of ${tried} requests leaked while it was open${isPartial ? ' (more a throttle or a ramp than a breaker)' : ''}`;
  const isTooFew = leaks <= limits.leaksMax && turnedAway < SHORT_CIRCUITED_MIN;
  return [
    {
      ...rule,
      value: leaks,
      interval: wilson(leaks, tried).map((bound) => bound * tried) as unknown as Interval,
      samples: tried,
      met: isTooFew ? null : leaks <= limits.leaksMax,
      says: isTooFew ? `only ${turnedAway} requests were turned away: too few to say that none leaks` : share,
    },
  ];
}

function trialsOf(scene: BreakerScene): readonly Burst[] {
  return duringFault(scene).flatMap((e) => e.trials);
}

/** Until the next request after its time is up, and a stall of the machine later, nobody can see that it would let one through. */
function slackMs({ demands, fault }: BreakerScene): number {
  const startsMs = within(demands, fault).map(({ startMs }) => startMs);
  const gaps = startsMs.slice(1).map((startMs, i) => startMs - (startsMs[i] ?? startMs));
  return (
    STALL_MS +
    2 *
      quantile(
        gaps.sort((a, b) => a - b),
        0.95,
      )
  );
}

function waiting(scene: BreakerScene): Rule[] {
  const { limits, correlation } = scene;
  if (limits.openFor === undefined || duringFault(scene).length === 0) return [];
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits.openFor;
  const limit = [...(min > 0 ? [`>= ${formatMs(min)}`] : []), ...(Number.isFinite(max) ? [`<= ${formatMs(max)}`] : [])].join(', ');
  const rule = { name: 'open before each trial', unit: 'ms', limit } as const;
  const waitsMs = correlation === 'C0' ? [] : duringFault(scene).flatMap((e) => e.waitsMs);
  if (waitsMs.length === 0)
    return [{ ...rule, value: null, met: null, says: 'it was not seen to try, so nobody knows for how long it stays open' }];
  const [shortest, longest] = [Math.min(...waitsMs), Math.max(...waitsMs)];
  const slack = slackMs(scene);
  const met = shortest >= min - slack && longest <= max + slack;
  const says = `open for ${formatSpan([shortest, longest])} before each of ${waitsMs.length} trials (promised: ${limit})`;
  return [
    {
      ...rule,
      value: quantile(
        waitsMs.toSorted((a, b) => a - b),
        0.5,
      ),
      interval: [shortest, longest],
      samples: waitsMs.length,
      met,
      says,
    },
  ];
}

function trying(scene: BreakerScene): Rule[] {
  const { limits, correlation } = scene;
  if (limits.halfOpenTrials === undefined || duringFault(scene).length === 0) return [];
  const rule = { name: 'trials while half-open', unit: 'requests', limit: `<= ${limits.halfOpenTrials.max} at a time` } as const;
  if (correlation === 'C0') return [{ ...rule, value: null, met: null, says: 'trials cannot be told without correlation' }];
  const trials = trialsOf(scene);
  if (trials.length === 0) return [{ ...rule, value: null, met: null, says: 'never seen half-open' }];
  const most = trials.reduce((max, trial) => Math.max(max, trial.passes.length), 0);
  const waits = duringFault(scene)
    .flatMap((e) => e.waitsMs)
    .sort((a, b) => a - b);
  const says = `half-open ${trials.length} times with at most ${most} requests at a time, after waits of about ${formatMs(quantile(waits, 0.5))}`;
  return [{ ...rule, value: most, samples: trials.length, met: most <= limits.halfOpenTrials.max, says }];
}

function closing(scene: BreakerScene): Rule[] {
  const { limits, fault, demands, upToMs } = scene;
  const last = duringFault(scene).at(-1);
  if (limits.closesAfterHealWithin === undefined || last === undefined) return [];
  const limit = formatMs(limits.closesAfterHealWithin);
  const rule = { name: 'closes after healing', unit: 'ms', limit: `<= ${limit}` } as const;
  const knownToMs = Math.min(upToMs, demands.at(-1)?.startMs ?? fault.toMs);
  const isOpen = last.closed === undefined || last.closed[1] > knownToMs;
  const afterMs: Interval = isOpen
    ? [Math.max(0, knownToMs - fault.toMs), Number.POSITIVE_INFINITY]
    : [Math.max(0, (last.closed?.[0] ?? 0) - fault.toMs), Math.max(0, (last.closed?.[1] ?? 0) - fault.toMs)];
  const met = atMost(afterMs, limits.closesAfterHealWithin);
  const verdict =
    met === true ? '' : met === false ? ` (limit ${limit})` : `, and the traffic does not show whether the limit of ${limit} was kept`;
  const says = isOpen
    ? `still open ${formatMs(afterMs[0])} after the fault had ended${verdict}`
    : `closed ${formatSpan(afterMs)} after the fault had ended${verdict}`;
  return [{ ...rule, value: isOpen ? null : afterMs[1], ...(!isOpen && { interval: afterMs }), met, says }];
}

/** Figures without a limit, for those who tune the breaker. */
export function breakerFacts(scene: BreakerScene): Measurement[] {
  const { faulted } = scene;
  const episodes = duringFault(scene);
  const firstFaultedMs = faulted.reduce(
    (first, attempt) => Math.min(first, attempt.responseStartMs ?? attempt.endMs),
    Number.POSITIVE_INFINITY,
  );
  const opened = episodes[0]?.opened[1];
  const failedTrials = trialsOf(scene).filter((trial) => !trial.succeeded).length;
  const afterFirst = opened === undefined || !Number.isFinite(firstFaultedMs) ? null : Math.max(0, opened - firstFaultedMs);
  return [
    { name: 'opens after the first faulted answer', value: afterFirst, unit: 'ms' },
    { name: 'faulted attempts', value: faulted.length, unit: 'requests' },
    { name: 'turned away while open', value: episodes.reduce((sum, e) => sum + e.shortCircuited.length, 0), unit: 'requests' },
    { name: 'reopenings', value: Math.max(0, episodes.length - 1) + failedTrials, unit: 'count' },
  ];
}

export function breakerEvidence(scene: BreakerScene): number[] {
  const [first] = duringFault(scene);
  const closingTrial = duringFault(scene).at(-1)?.trials.at(-1);
  const numbers = [
    scene.faulted.at(0)?.n,
    first?.lastPass?.attempts[0]?.n,
    first?.shortCircuited.at(0)?.n,
    first?.trials[0]?.passes[0]?.attempts[0]?.n,
    closingTrial?.passes[0]?.attempts[0]?.n,
    ...leaksOf(scene)
      .slice(0, 3)
      .map((d) => d.attempts[0]?.n),
  ];
  return [...scene.fault.evidence, ...numbers].flatMap((n) => n ?? []);
}

export function breakerAlternatives(scene: BreakerScene): string[] {
  const episodes = duringFault(scene);
  const turnedAway = episodes.flatMap((e) => [...e.shortCircuited]);
  if (turnedAway.length === 0) return [];
  const answered = turnedAway.filter((d) => d.answered).length;
  const leaks = leaksOf(scene).length;
  const callees = new Set(scene.demands.flatMap((d) => d.attempts.map((attempt) => attempt.to)));
  return [
    `no demand: ruled out, ${turnedAway.length} requests that needed it arrived while it was open`,
    `caller down: ruled out, it answered ${answered} of those`,
    episodes.some((e) => e.isPartial)
      ? `throttle, ramp or rate limit: not ruled out, ${leaks} requests got through`
      : `throttle, ramp or rate limit: ruled out, ${leaks} of ${leaks + turnedAway.length} got through outside trials`,
    episodes.some((e) => e.isPool)
      ? 'a full pool: not ruled out, who got through did so as soon as one ahead had ended'
      : 'a full pool: ruled out, nobody got through just because one ahead had ended',
    ...(scene.spared.length === 0 ? [] : [`other routes: not looked at, the fault left ${scene.spared.join(', ')} alone`]),
    callees.size > 1
      ? `ejection of single instances: ruled out, no request reached any of ${callees.size}`
      : 'ejection of the only instance: looks the same from outside, and is the same to the dependency',
  ];
}
