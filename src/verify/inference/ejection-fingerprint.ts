/**
 * Which product ejects like this: by how many failures put an instance out, what it gets when it comes back, and how its times out grow (resilience
 * reference §1.9). What a reader gets wrong: settings are not known, so laws are compared up to a factor, and a product's shipped settings only decide
 * between those that its law leaves. What stays ambiguous is told as such.
 */

import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import { type PauseLaw, rangeOfPause } from '../presets/pause.js';
import type { Ejection } from './ejection.js';
import type { Interval } from './statistics.js';
import { within } from './traffic.js';

/** Fewer times out fit several laws, and later ones may be at a product's maximum. */
export const FINGERPRINT_GAPS = { min: 3, max: 5 } as const;
/** No product counts so many failures in a row: it looked at a whole interval. */
const IN_A_ROW_MAX = 50;
/** Times that are meant to be equal may be so much longer: the wait for the next request. */
const ALIKE = 1.15;
/** Times out before the first that is seen, by errors that no fault of ours has made. */
const EARLIER_MAX = 2;
/** Parts of a time out by which it may miss a law that foretells it. Chance comes so near three times in a row once in some hundred cases. */
const NEAR = 0.02;
/** What began so soon after a failed answer may have been on its way before it. */
const RACE_MS = 20;

interface Signature {
  product: string;
  /** Failures in a row, or a share of an interval; `any`: successes in between do not matter. */
  puts: 'inARow' | 'any' | 'share';
  /** What an instance gets that has come back: a request that decides, or its share again until it is put out once more. */
  gets: 'trial' | 'share';
  /** The k-th time out, in units of the first. */
  lasts: (k: number) => Interval;
  /** What it was out before, for a reason of its own, counts: the first that is seen may be a later one of its law. */
  remembers?: true;
  /** Its clock counts whole seconds, so it may be out for so much longer than it means to. */
  lateMs?: number;
  /** It is back when something else finds it well: from one time to the next they follow no law. */
  isFree?: true;
  /** Failures that put it out, as the product is shipped. */
  shipped?: number;
  /** A health check that passes in between clears the count, so that it may take nearly twice as many. */
  forgives?: true;
}

const UP_TO_TWICE: Signature['lasts'] = () => [1, 2];
const CONSTANT: Signature['lasts'] = () => [1, ALIKE];
/** Its sweeps let it back in; their period is at most half of the shortest time out. */
const BY_SWEEPS: Signature['lasts'] = (k) => [k, k + 0.5];
const law =
  (pause: PauseLaw): Signature['lasts'] =>
  (k) =>
    rangeOfPause(pause, k);
const unbounded = { firstMs: 1, maxMs: Number.POSITIVE_INFINITY } as const;

const SIGNATURES: readonly Signature[] = [
  { product: 'Envoy by failures in a row', puts: 'inARow', gets: 'share', lasts: BY_SWEEPS, remembers: true, shipped: 5 },
  { product: 'Envoy or gRPC by rates', puts: 'share', gets: 'share', lasts: BY_SWEEPS, remembers: true },
  // Back after some of its checks, which come when they come.
  { product: 'HAProxy', puts: 'inARow', gets: 'share', lasts: UP_TO_TWICE, isFree: true, shipped: 10, forgives: true },
  { product: 'nginx', puts: 'any', gets: 'trial', lasts: CONSTANT, lateMs: 1_000, shipped: 1 },
  { product: 'Finagle', puts: 'inARow', gets: 'trial', lasts: law({ kind: 'equalJitter', ...unbounded }), shipped: 5 },
  {
    product: 'Linkerd',
    puts: 'inARow',
    gets: 'trial',
    lasts: law({ kind: 'exponential', ...unbounded, factor: 2, spread: [1, 1.5], isCapLast: false }),
    shipped: 7,
  },
  { product: 'Traefik', puts: 'inARow', gets: 'share', lasts: CONSTANT, shipped: 1 },
  { product: 'Caddy', puts: 'any', gets: 'share', lasts: CONSTANT, shipped: 1 },
];

/** All that would look like this; one if it can be told. */
export interface Fingerprint {
  products: readonly string[];
  /** Times out that it was told by. */
  gaps: number;
}

/**
 * `silences`: of one instance, in order, while a fault was on that harms all or nearly all of its requests, those too that are too short to be called
 * ejections by themselves; `window`: that time; `requests`: its own, those before it too.
 */
export function fingerprintOf(
  silences: readonly Ejection[],
  { requests, window }: { requests: ExchangeList; window: Window },
): Fingerprint {
  const whole = silences.filter(({ ended }) => ended !== undefined).slice(0, FINGERPRINT_GAPS.max);
  if (whole.length < FINGERPRINT_GAPS.min) return { products: [], gaps: whole.length };
  const bursts = burstsBefore(whole, within(requests, window));
  const isPutOutByOne = bursts[0] !== undefined && bursts[0].failures[0] <= 1 && !hasFailedBefore(whole, requests);
  const possible = SIGNATURES.filter(
    (signature) => putsLike(signature, bursts) && getsLike(signature, { bursts, isPutOutByOne }) && lastsLike(signature, whole),
  );
  const shipped = possible.filter((one) => {
    const failures = neededBy(one, bursts) ?? bursts[0]?.failures;
    return one.shipped !== undefined && failures !== undefined && isIn(one.shipped, failures);
  });
  const told = shipped.length > 0 ? shipped : foretold(possible, whole);
  return { products: told.map(({ product }) => product), gaps: whole.length };
}

/** It answered just as when it was put out, and was used on: nobody puts it out for one such answer, however soon it went in the end. */
function hasFailedBefore(ejections: readonly Ejection[], requests: ExchangeList): boolean {
  const [first] = ejections;
  const soonMs = Math.min(...ejections.map(({ last, next = last }) => next.startMs - last.startMs)) / 2;
  let failedMs = Number.NEGATIVE_INFINITY;
  return requests.some(({ startMs, endMs, end, status }) => {
    if (startMs > failedMs + RACE_MS && startMs < failedMs + soonMs) return true;
    const isAlike = end === first?.last.end && status === first.last.status;
    if (isAlike && startMs >= failedMs + soonMs) failedMs = endMs;
    return false;
  });
}

/** What an instance got before it was put out. */
interface Burst {
  /** Failures in a row at the end, at least and at most: those under way when it was put out may be too many. */
  failures: Interval;
  requests: Interval;
}

function burstsBefore(ejections: readonly Ejection[], requests: ExchangeList): Burst[] {
  return ejections.map(({ last }, i) => {
    const fromMs = ejections[i - 1]?.next?.startMs ?? Number.NEGATIVE_INFINITY;
    const burst = requests.filter(({ startMs }) => startMs >= fromMs && startMs <= last.startMs).map((request) => request);
    const good = burst.findLastIndex(isSuccess);
    // The last of them was sent before the one that decided was answered.
    const sure = (part: readonly RecordedExchange[]): Interval => [
      1 + part.filter(({ endMs }) => endMs < last.startMs).length,
      part.length,
    ];
    return { failures: sure(burst.slice(good + 1)), requests: sure(burst) };
  });
}

/** Where a trial decides, only the first time tells what it takes. */
function tellingOf({ gets }: Signature, bursts: readonly Burst[]): readonly Burst[] {
  return gets === 'trial' ? bursts.slice(0, 1) : bursts;
}

/** How many failures it took each time; undefined where no number explains them all. */
function neededBy(signature: Signature, bursts: readonly Burst[]): Interval | undefined {
  const { forgives } = signature;
  return common(
    tellingOf(signature, bursts).map(({ failures: [least, most] }): Interval => [forgives ? Math.floor(least / 2) + 1 : least, most]),
  );
}

function putsLike(signature: Signature, bursts: readonly Burst[]): boolean {
  const { puts } = signature;
  const failures = neededBy(signature, bursts);
  if (puts === 'share') return failures === undefined || failures[1] > IN_A_ROW_MAX;
  return puts === 'any'
    ? tellingOf(signature, bursts).every((burst) => burst.failures[0] <= IN_A_ROW_MAX)
    : failures !== undefined && failures[0] <= IN_A_ROW_MAX;
}

function getsLike({ gets }: Signature, { bursts, isPutOutByOne }: { bursts: readonly Burst[]; isPutOutByOne: boolean }): boolean {
  const isTrial = bursts.slice(1).every(({ requests }) => requests[0] <= 1);
  return gets === 'trial' ? isTrial : !isTrial || isPutOutByOne;
}

/** How long it was out, at least and at most. */
function outMs({ started, ended = started, last, next = last }: Ejection): Interval {
  return [Math.max(0, ended[0] - started[1]), Math.max(next.startMs, ended[1]) - started[0]];
}

/** Some factor makes each time out one that the law allows. */
function lastsLike({ lasts, remembers, lateMs = 0 }: Signature, ejections: readonly Ejection[]): boolean {
  const seen = ejections.map(outMs).map(([least, most]): Interval => [Math.max(0, least - lateMs), most]);
  const earlier = remembers ? EARLIER_MAX : 0;
  return counts(earlier).some((before) => fits(seen, (k) => lasts(k + before)));
}

function fits(seen: readonly Interval[], lasts: Signature['lasts']): boolean {
  const factors = seen.map(([low, high], i): Interval => {
    const [least, most] = lasts(i + 1);
    return [low / most, high / least];
  });
  return common(factors) !== undefined;
}

/** Where each time out is a step longer than the one before, and is known well enough to tell, a product that follows no law is left out. */
function foretold(possible: readonly Signature[], ejections: readonly Ejection[]): readonly Signature[] {
  const seen = ejections.map(outMs);
  const isKnown = seen.every(([least, most]) => most - least <= 2 * NEAR * least);
  const isStepped = counts(EARLIER_MAX).some((before) => fits(seen, (k) => [(k + before) * (1 - NEAR), (k + before) * (1 + NEAR)]));
  const lawful = possible.filter(({ isFree }) => isFree !== true);
  return isKnown && isStepped && lawful.length > 0 ? lawful : possible;
}

/** 0 … most. */
function counts(most: number): readonly number[] {
  return Array.from({ length: most + 1 }, (_, i) => i);
}

/** What all of them have in common. */
function common(intervals: readonly Interval[]): Interval | undefined {
  const both: Interval = [Math.max(...intervals.map(([low]) => low)), Math.min(...intervals.map(([, high]) => high))];
  return both[0] <= both[1] ? both : undefined;
}

function isIn(value: number, [low, high]: Interval): boolean {
  return value >= low && value <= high;
}
