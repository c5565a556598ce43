/**
 * Wall clocks that are wrong: the files from which processes with a steered clock take how far. A reader would get wrong why a
 * clock drifts in steps: libfaketime has rates of its own, but bends timers and sleeps with them.
 */
import { rmSync } from 'node:fs';
import type { Clock } from '../../core/clock.js';
import type { ClockSkew } from '../../dataplane/faults/process-fault.js';
import type { Deed } from './kept.js';
import { setClock } from './steered-clock.js';

/** Short enough that a clock which loses 5 % of the time goes back by 1 ms at a step. */
const DRIFT_STEP_MS = 20;

/** From now on clocks that follow the file are wrong. */
export function skewed({ file, skew }: { file: string; skew: ClockSkew }, clock: Clock): Deed {
  const startMs = clock.nowMs();
  const turn = (): number => {
    const { offsetMs, changesInMs } = skewAt(skew, clock.nowMs() - startMs);
    set(file, offsetMs);
    return changesInMs;
  };
  return { turn, undo: () => setRight(file) };
}

/** A step that cannot be written is left out; the next may be. */
function set(file: string, offsetMs: number): void {
  try {
    setClock(file, offsetMs);
  } catch {
    // The disk is full, or the run's folder was taken away: the clock stays as it is.
  }
}

/** Also on a full disk: a clock that follows no file is right. */
function setRight(file: string): void {
  try {
    setClock(file, 'right');
  } catch {
    rmSync(file, { force: true });
  }
}

/** How wrong the clock is so long after it began to be, and when that changes. */
export function skewAt(
  { offsetMs, gainMsPerSecond, jumpEveryMs }: ClockSkew,
  elapsedMs: number,
): { offsetMs: number; changesInMs: number } {
  if (jumpEveryMs !== undefined) {
    const jumps = Math.floor(elapsedMs / jumpEveryMs);
    return { offsetMs: jumps % 2 === 0 ? offsetMs : 0, changesInMs: (jumps + 1) * jumpEveryMs - elapsedMs };
  }
  if (gainMsPerSecond === 0) return { offsetMs, changesInMs: Number.POSITIVE_INFINITY };
  return { offsetMs: offsetMs + (gainMsPerSecond * elapsedMs) / 1_000, changesInMs: DRIFT_STEP_MS };
}
