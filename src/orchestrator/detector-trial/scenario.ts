/**
 * What the sender of the heartbeats goes through, and when: calm, a path that delays and loses, pauses that are no crash, and crashes. Pure. A
 * reader would get wrong the third: a detector that suspects a paused process is wrong about it, and no detector can know that.
 */
import { keyedDraw } from '../../core/random.js';

export type Act =
  | { kind: 'calm'; lastsMs: number }
  /** The path to the first observer delays each heartbeat by up to `jitterMs`, and loses packets. */
  | { kind: 'badPath'; lastsMs: number; jitterMs: number; lossPercent: number }
  /** Stopped and continued, as a garbage collector or a hypervisor does. */
  | { kind: 'stopped'; lastsMs: number }
  /** Killed, and started again after the time. */
  | { kind: 'dead'; lastsMs: number };

interface ScenarioOptions {
  intervalMs: number;
  /** How often it pauses, and how often it crashes. */
  times: number;
  seed: number;
}

/** Intervals that each act lasts. */
const CALM = 40;
const BAD_PATH = 100;
/** Pauses take so many intervals: from unnoticeable to longer than most time-outs. */
const PAUSE_MIN = 1;
const PAUSE_MAX = 6;
/** Longer than the slowest detector of the sweep needs, or it could not show what it needs. */
const CRASH = 32;
const BETWEEN = 14;

export function scenario({ intervalMs, times, seed }: ScenarioOptions): Act[] {
  const draw = keyedDraw({ seed, faultId: 'detector-trial' });
  const calm = (intervals: number): Act => ({ kind: 'calm', lastsMs: intervals * intervalMs });
  const pauses = Array.from({ length: times }, (_, i): Act[] => [
    // Lengths of chance, the same for the same seed.
    { kind: 'stopped', lastsMs: Math.round((PAUSE_MIN + (PAUSE_MAX - PAUSE_MIN) * draw('stopped', i)) * intervalMs) },
    calm(BETWEEN),
  ]);
  const crashes = Array.from({ length: times }, (): Act[] => [{ kind: 'dead', lastsMs: CRASH * intervalMs }, calm(BETWEEN)]);
  return [
    calm(CALM),
    { kind: 'badPath', lastsMs: BAD_PATH * intervalMs, jitterMs: 0.8 * intervalMs, lossPercent: 8 },
    calm(BETWEEN),
    ...pauses.flat(),
    ...crashes.flat(),
  ];
}

/** Milliseconds that all of it takes, without what starting a process takes. */
export function lastsMs(acts: readonly Act[]): number {
  return acts.reduce((sum, act) => sum + act.lastsMs, 0);
}
