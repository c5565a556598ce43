/** What is promised of hedges, each as a rule, and what was seen of them as facts. */
import { formatMs } from '../../core/units.js';
import type { List } from '../../journal/list.js';
import type { Measurement } from '../check.js';
import { type Call, numberOf } from '../inference/calls.js';
import { type HedgeEstimates, leftRunning, percentileOf } from '../inference/hedges.js';
import { meanInterval, wilson } from '../inference/statistics.js';
import { atMost, formatSpan, type Rule } from './rule.js';
import { formatShare, isRare } from './share.js';

export interface HedgingLimits {
  delay?: { min?: number | undefined; max?: number | undefined } | undefined;
  minHedged?: number | undefined;
  amplification?: { max: number } | undefined;
  cancels: boolean;
  cancelWithin: number;
  nonIdempotent: 'forbidden' | 'allowed';
}

export interface HedgingScene {
  limits: HedgingLimits;
  seen: HedgeEstimates;
  /** Calls whose first attempt took so long that a hedge was due. */
  slow: List<Call>;
  /** What counts as so long. */
  dueMs: number;
  /** Calls before any fault. */
  calm: List<Call>;
}

/** Repeating these by itself does what was done once more. */
const NOT_IDEMPOTENT: ReadonlySet<string> = new Set(['POST', 'PATCH']);
/** What a machine may be late by. */
const LATE_MS = 25;

export function hedgingRules(scene: HedgingScene): Rule[] {
  const { delay, minHedged, amplification, cancels, nonIdempotent } = scene.limits;
  return [
    ...(minHedged === undefined ? [] : [hedgedRule(minHedged / 100, scene)]),
    ...(delay?.min === undefined ? [] : [delayRule('soonest', delay.min, scene)]),
    ...(delay?.max === undefined ? [] : [delayRule('latest', delay.max, scene)]),
    ...(amplification === undefined ? [] : [amplificationRule(amplification.max, scene)]),
    ...(cancels ? [loserRule(scene)] : []),
    ...(nonIdempotent === 'forbidden' ? [unsafeRule(scene)] : []),
  ];
}

function hedgedRule(min: number, { seen, slow, dueMs }: HedgingScene): Rule {
  const hedgedCalls = new Set(seen.hedged.map(({ call }) => numberOf(call)));
  const hits = slow.filter((call) => hedgedCalls.has(numberOf(call))).length;
  const interval = wilson(hits, slow.length);
  const met = atMost([-interval[1], -interval[0]], -min);
  const says = `${hits} of ${slow.length} slow calls were hedged, the others ran for more than ${formatMs(dueMs)} alone (promised: >= ${formatShare(min)})`;
  return {
    name: 'slow calls hedged',
    value: hits / slow.length,
    unit: 'ratio',
    interval,
    samples: slow.length,
    limit: `>= ${formatShare(min)}`,
    met,
    says,
  };
}

function delayRule(end: 'soonest' | 'latest', limitMs: number, { seen: { hedged, medianDelayMs } }: HedgingScene): Rule {
  const isBroken = (delayMs: number): boolean => (end === 'soonest' ? delayMs < limitMs : delayMs > limitMs + LATE_MS);
  const broken = hedged.filter(({ delayMs }) => isBroken(delayMs)).length;
  const limit = `${end === 'soonest' ? '>=' : '<='} ${formatMs(limitMs)}`;
  const met = hedged.length === 0 ? null : isRare(broken, hedged.length);
  const says = `${broken} of ${hedged.length} hedges began ${end === 'soonest' ? 'sooner' : 'later'}, half of all after ${formatMs(medianDelayMs)} (promised: ${limit})`;
  return { name: `${end} hedge`, value: hedged.length === 0 ? null : medianDelayMs, unit: 'ms', samples: hedged.length, limit, met, says };
}

function amplificationRule(max: number, { seen: { calls } }: HedgingScene): Rule {
  const attempts = calls.map((call) => call.attempts.length);
  const value = attempts.reduce((sum, count) => sum + count, 0) / calls.length;
  const interval = meanInterval(attempts);
  const says = `${value.toFixed(2)} attempts were made per call (promised: <= ${max})`;
  return {
    name: 'attempts per call',
    value,
    unit: '',
    interval,
    samples: calls.length,
    limit: `<= ${max}`,
    met: atMost(interval, max),
    says,
  };
}

function loserRule({ seen: { hedged }, limits: { cancelWithin } }: HedgingScene): Rule {
  const raced = hedged.filter(({ losers }) => losers.length > 0);
  const left = raced.filter((hedge) => leftRunning(hedge, cancelWithin).length > 0).length;
  const met = raced.length === 0 ? null : isRare(left, raced.length);
  const says = `${left} of ${raced.length} losers ran on for more than ${formatMs(cancelWithin)} after the winner was answered`;
  return { name: 'losers left running', value: left, unit: 'requests', samples: raced.length, limit: '<= 0', met, says };
}

function unsafeRule({ seen: { hedged, calls } }: HedgingScene): Rule {
  const unsafe = hedged.filter(({ call }) => NOT_IDEMPOTENT.has(call.method)).length;
  const says = unsafe === 0 ? 'nothing was hedged that must not be done twice' : `${unsafe} calls were hedged that are not idempotent`;
  return { name: 'unsafe hedges', value: unsafe, unit: 'requests', samples: calls.length, limit: '<= 0', met: unsafe === 0, says };
}

export function hedgingFacts({ seen, calm }: HedgingScene): Measurement[] {
  const { hedged, medianDelayMs, delayIntervalMs, delayVariation, extraAttempts, calls } = seen;
  const isKnown = hedged.length > 0;
  const percentile = isKnown ? percentileOf(medianDelayMs, calm) : undefined;
  return [
    {
      name: 'delay of hedges',
      value: isKnown ? medianDelayMs : null,
      unit: 'ms',
      ...(isKnown && Number.isFinite(delayIntervalMs[1]) && { interval: delayIntervalMs }),
      samples: hedged.length,
    },
    {
      name: 'law of the delay',
      value: isKnown ? (delayVariation < 0.1 ? 'fixed' : `spread by ${delayVariation.toFixed(2)} of its mean`) : null,
    },
    { name: 'calm calls that are quicker', value: percentile ?? null, unit: 'ratio', samples: calm.length },
    { name: 'extra attempts over calls', value: extraAttempts / Math.max(1, calls.length), unit: 'ratio', samples: calls.length },
  ];
}

export function hedgingAlternatives({ seen: { fannedOut, impatient, hedged, delayIntervalMs } }: HedgingScene): string[] {
  return [
    fannedOut === 0
      ? 'a fan-out or quorum: ruled out, no two attempts began together'
      : `a fan-out or quorum: ${fannedOut} calls began their attempts together and are not counted`,
    impatient === 0
      ? 'retries after an untold timeout: ruled out as far as first answers came, each was taken'
      : `retries after an untold timeout: ${impatient} calls did not take the first answer when it came, and are not counted`,
    hedged.length === 0
      ? 'retries after failures: none overlaps'
      : `retries after failures: ruled out, each hedge began after ${formatSpan(delayIntervalMs)} while the first attempt was pending`,
  ];
}
