/**
 * How good a detector is, after Chen, Toueg and Aguilera: how soon it sees a crash, how often it is wrong about a live instance, for how long, and
 * how likely it is right at any moment. A reader would get wrong "no mistake": so many hours without one still leave a rate of up to 3 in them.
 */
import { zeroEventRateMax } from '../inference/statistics.js';

/** A turn of the detector's mind. Both lists begin trusting and alive, and are in order. */
export interface Turn {
  atMs: number;
  suspected: boolean;
}
/** What the observed instance really was: from `fromMs` on it is crashed, until `toMs` if it came back. */
export interface Crash {
  fromMs: number;
  toMs: number;
}

export interface Quality {
  /** From each crash to the suspicion that lasted to its end; null where there was none. */
  detectionMs: readonly (number | null)[];
  /** Wrong suspicions of a live instance. */
  mistakes: number;
  /** Milliseconds that each of them lasted. */
  mistakeMs: readonly number[];
  /** Time that the instance was alive, which mistakes are counted against. */
  aliveMs: number;
  mistakesPerHour: number;
  /** Upper bound of that rate at 95 % where none was seen. */
  mistakesPerHourMax: number | null;
  /** Share of the alive time in which the detector was right: the query accuracy P_A. Null if it was never alive. */
  accuracy: number | null;
}

const HOUR_MS = 3_600_000;

/** Time within [from, to) that lies outside of all crashes. */
function aliveWithin({ fromMs, toMs }: Crash, crashes: readonly Crash[]): number {
  const dead = crashes.reduce((sum, crash) => sum + Math.max(0, Math.min(toMs, crash.toMs) - Math.max(fromMs, crash.fromMs)), 0);
  return toMs - fromMs - dead;
}

/** Suspicions as spans; the last one lasts to the end. */
export function spansOf(turns: readonly Turn[], endMs: number): Crash[] {
  return turns.flatMap(({ atMs, suspected }, at) => (suspected ? [{ fromMs: atMs, toMs: turns[at + 1]?.atMs ?? endMs }] : []));
}

/** When the suspicion began that was held as the crash ended. It may be older than the crash: then nothing had to be detected. */
function detectedMs(crash: Crash, spans: readonly Crash[]): number | null {
  const held = spans.find(({ fromMs, toMs }) => fromMs < crash.toMs && toMs >= crash.toMs);
  return held === undefined ? null : Math.max(0, held.fromMs - crash.fromMs);
}

export function qualityOf(turns: readonly Turn[], crashes: readonly Crash[], span: Crash): Quality {
  const spans = spansOf(turns, span.toMs);
  const aliveMs = aliveWithin(span, crashes);
  const mistakeMs = spans.filter(({ fromMs }) => !isDead(fromMs, crashes)).map((wrong) => aliveWithin(wrong, crashes));
  const wrongMs = spans.reduce((sum, suspicion) => sum + aliveWithin(suspicion, crashes), 0);
  const hours = aliveMs / HOUR_MS;
  return {
    detectionMs: crashes.map((crash) => detectedMs(crash, spans)),
    mistakes: mistakeMs.length,
    mistakeMs,
    aliveMs,
    mistakesPerHour: hours > 0 ? mistakeMs.length / hours : 0,
    mistakesPerHourMax: mistakeMs.length === 0 && hours > 0 ? zeroEventRateMax(hours) : null,
    accuracy: aliveMs > 0 ? 1 - wrongMs / aliveMs : null,
  };
}

function isDead(atMs: number, crashes: readonly Crash[]): boolean {
  return crashes.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}
