/** What is promised of a caller's patience, each as a rule, and what was seen of it as facts. */
import { formatMs } from '../../core/units.js';
import type { Measurement } from '../check.js';
import type { Patience, Wait } from '../inference/waits.js';
import { formatSpan, type Rule } from './rule.js';
import { isRare } from './share.js';

export interface TimeoutLimits {
  perAttempt?: number | undefined;
  total?: number | undefined;
  idle?: number | undefined;
  atLeast?: number | undefined;
  cancels?: boolean | undefined;
  inversionsMax?: number | undefined;
  tolerance: number;
}

/** One caller's waits on one dependency, for one stretch of time. */
export interface WaitScene {
  limits: TimeoutLimits;
  /** Attempts that began in it. */
  waits: readonly Wait[];
  patience: Patience;
  /** Whether front-door requests are joined to attempts. */
  isJoined: boolean;
  /** The load calls this caller itself, so that the front-door request is the caller's whole patience. */
  isFrontHop: boolean;
}

/** Waits that put the patience to the test: given up, or as long as the shortest limit. */
export function testedWaits({ limits, waits, patience }: WaitScene): readonly Wait[] {
  const shortestMs = Math.min(limits.perAttempt ?? Infinity, limits.idle ?? Infinity, limits.total ?? Infinity);
  const gaveUp = new Set(patience.gaveUp);
  return waits.filter((wait) => gaveUp.has(wait) || wait.waitedMs >= shortestMs);
}

export function timeoutRules(scene: WaitScene): Rule[] {
  const { perAttempt, idle, total, atLeast, cancels, inversionsMax } = scene.limits;
  return [
    ...(perAttempt === undefined ? [] : [waitRule('wait for one attempt', perAttempt, testedWaits(scene), scene)]),
    ...(idle === undefined ? [] : [waitRule('wait in silence', idle, silentWaits(idle, scene), scene)]),
    ...(total === undefined ? [] : [totalRule(total, scene)]),
    ...(atLeast === undefined ? [] : [impatienceRule(atLeast, scene)]),
    ...(cancels === true ? [cancelRule(scene)] : []),
    ...(inversionsMax === undefined ? [] : [inversionRule(inversionsMax, scene)]),
  ];
}

/** Until the first byte, if there was one: an answer that came late was waited for in silence as well. */
function silentWaits(limitMs: number, { waits, patience }: WaitScene): readonly Wait[] {
  const gaveUp = new Set(patience.gaveUp);
  return waits.flatMap((wait) => {
    const { startMs, responseStartMs } = wait.attempt;
    const silentMs = responseStartMs === undefined ? wait.waitedMs : Math.min(wait.waitedMs, responseStartMs - startMs);
    const isTested = silentMs >= limitMs || (responseStartMs === undefined && gaveUp.has(wait));
    return isTested ? [{ ...wait, waitedMs: silentMs }] : [];
  });
}

function waitRule(name: string, limitMs: number, tested: readonly Wait[], { limits, patience, isJoined }: WaitScene): Rule {
  const late = tested.filter((wait) => wait.waitedMs > limitMs + limits.tolerance);
  const limit = `<= ${formatMs(limitMs)}`;
  const longest = tested.reduce((most, wait) => Math.max(most, wait.waitedMs), 0);
  const seen = patience.gaveUp.length === 0 ? 'nothing was given up' : `given up after ${formatMs(patience.medianMs)}`;
  // Without a join, what was not cut may have been left alone long before.
  const isUnsure = !isJoined && late.some(({ end }) => end !== 'cancelled');
  const untold = late.filter(({ end }) => end === 'untold').length;
  const met = tested.length === 0 || isUnsure ? null : rarelyLate({ late: late.length, untold, tested: tested.length });
  const why = isUnsure
    ? ', or were abandoned without a word to the wire, which cannot be told without correlation'
    : untold > 0
      ? `, ${untold} of them perhaps not to the end: the same was asked again`
      : '';
  const says = `${seen}; ${late.length} of ${tested.length} were waited for longer, up to ${formatMs(longest)}${why} (promised: ${limit})`;
  const value = patience.gaveUp.length === 0 ? longest : patience.medianMs;
  const interval = Number.isFinite(patience.intervalMs[1]) && patience.gaveUp.length > 0 ? { interval: patience.intervalMs } : {};
  return { name, value, unit: 'ms', ...interval, samples: tested.length, limit, met, says };
}

/** Those that may have been given up in time count for the promise in the end, and never against it. */
function rarelyLate({ late, untold, tested }: { late: number; untold: number; tested: number }): boolean | null {
  const all = isRare(late, tested);
  if (untold === 0 || all === true) return all;
  return isRare(late - untold, tested) === false ? false : null;
}

function totalRule(limitMs: number, scene: WaitScene): Rule {
  const limit = `<= ${formatMs(limitMs)}`;
  const rule = { name: 'wait for one request with all its attempts', unit: 'ms', limit } as const;
  const demands = [...new Set(testedWaits(scene).flatMap(({ demand }) => demand ?? []))];
  if (!scene.isFrontHop || demands.length === 0) {
    const why = scene.isFrontHop
      ? 'no request is joined to its attempts'
      : 'its own callers are no load, which alone says when it was answered';
    return { ...rule, value: null, met: null, says: `how long whole requests took is not known: ${why}` };
  }
  const tookMs = demands.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  const late = tookMs.filter((ms) => ms > limitMs + scene.limits.tolerance).length;
  const longest = tookMs.at(-1) ?? 0;
  const says = `${late} of ${demands.length} requests that waited took longer with all their attempts, up to ${formatMs(longest)} (promised: ${limit})`;
  return { ...rule, value: longest, samples: demands.length, met: isRare(late, demands.length), says };
}

function impatienceRule(leastMs: number, { limits, patience: { gaveUp, medianMs } }: WaitScene): Rule {
  const early = gaveUp.filter((wait) => wait.waitedMs < leastMs - limits.tolerance).length;
  const limit = `>= ${formatMs(leastMs)}`;
  const says = `${early} of ${gaveUp.length} were given up sooner than after ${formatMs(leastMs)}, half of all after ${formatMs(medianMs)}`;
  const value = gaveUp.length === 0 ? null : medianMs;
  return {
    name: 'patience',
    value,
    unit: 'ms',
    samples: gaveUp.length,
    limit,
    met: gaveUp.length === 0 ? null : isRare(early, gaveUp.length),
    says,
  };
}

function cancelRule({ waits, patience: { gaveUp }, isJoined }: WaitScene): Rule {
  const abandoned = gaveUp.filter(({ end }) => end === 'abandoned').length;
  const untold = waits.filter(({ end }) => end === 'untold').length;
  const may = untold === 0 ? '' : `, and ${untold} more may have: the same was asked again`;
  const says = isJoined
    ? `${abandoned} of ${gaveUp.length} attempts that were given up ran on, and nobody told the callee${may}`
    : 'whether anything was abandoned without a word to the wire cannot be told without correlation';
  const isKept = isRare(abandoned, gaveUp.length);
  const isSure = isKept === false || isRare(abandoned + untold, gaveUp.length + untold) === true;
  const met = isJoined && gaveUp.length > 0 && isSure ? isKept : null;
  return { name: 'abandoned attempts', value: abandoned, unit: 'requests', samples: gaveUp.length, limit: '<= 0', met, says };
}

function inversionRule(max: number, { waits, isJoined }: WaitScene): Rule {
  const orphaned = waits.filter(({ end }) => end === 'orphaned').length;
  const says = isJoined
    ? `${orphaned} of ${waits.length} attempts ran on after whoever had asked for them was gone: the caller above has the shorter timeout`
    : 'for whom an attempt was made cannot be told without correlation';
  const met = isJoined ? orphaned <= max : null;
  return { name: 'attempts for nobody', value: orphaned, unit: 'requests', samples: waits.length, limit: `<= ${max}`, met, says };
}

/** Figures without a limit. */
export function timeoutFacts({ waits, patience }: WaitScene): Measurement[] {
  const count = (end: Wait['end']): number => waits.filter((wait) => wait.end === end).length;
  const { gaveUp, medianMs, intervalMs, variation, kind } = patience;
  const isKnown = gaveUp.length > 0;
  return [
    {
      name: 'effective timeout',
      value: isKnown ? medianMs : null,
      unit: 'ms',
      ...(isKnown && Number.isFinite(intervalMs[1]) && { interval: intervalMs }),
      samples: gaveUp.length,
    },
    { name: 'what it times', value: kind === 'unknown' ? null : kind === 'total' ? 'the whole answer' : 'silence' },
    { name: 'spread of the timeout', value: gaveUp.length > 1 ? variation : null, unit: '' },
    { name: 'cancelled on the wire', value: count('cancelled'), unit: 'requests', samples: gaveUp.length },
    { name: 'abandoned', value: count('abandoned'), unit: 'requests', samples: gaveUp.length },
    { name: 'ran on for nobody', value: count('orphaned'), unit: 'requests', samples: waits.length },
  ];
}

export function timeoutAlternatives({ waits, patience, limits }: WaitScene): string[] {
  const followed = waits.filter(({ end }) => end === 'followed').length;
  const { gaveUp, variation, intervalMs } = patience;
  const overlapped = waits.filter(
    ({ end, demand, attempt }) =>
      (end === 'abandoned' || end === 'untold') &&
      demand?.attempts.some((next) => next.startMs > attempt.startMs && next.startMs < attempt.endMs),
  ).length;
  return [
    `impatience of the client above: ${followed === 0 ? 'ruled out, no attempt was cut when its client left' : `not counted, ${followed} attempts were cut when their client left`}`,
    gaveUp.length > 1 && variation < 0.05
      ? `an idle timer or a breaker in between: ruled out for all but timers of ${formatSpan(intervalMs)}, the waits spread by ${variation.toFixed(3)} of their mean`
      : 'an idle timer in between: not ruled out, the waits spread too much for one timer',
    overlapped === 0
      ? 'hedging: ruled out, nothing was asked again while it ran'
      : `hedging: not ruled out, ${overlapped} attempts ran on while the same was asked again`,
    `a stalled machine: waits up to ${formatMs(limits.tolerance)} beyond the limit are not counted`,
  ];
}
