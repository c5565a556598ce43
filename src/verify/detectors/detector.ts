/**
 * The shape of a failure detector: it hears signs of life and says whether it suspects. Time comes in with every call and nothing else does, so
 * the same signs give the same suspicions in a live run, in the lab and in a simulation. A reader would get wrong that asking has no effect:
 * a checker that has slept (Cassandra's) knows so only by when it was last asked.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';

/**
 * What a detector hears. `heartbeat`: one that carries the number under which it was sent, from 0 on. `probe`: the end of a question that the
 * observer asked itself. `opinion`: what another observer says.
 */
export type Sign =
  | { kind: 'heartbeat'; sequence: number }
  | { kind: 'probe'; succeeded: boolean }
  | { kind: 'opinion'; observer: string; suspects: boolean };

export interface Suspicion {
  suspected: boolean;
  /** How near it is to suspecting: 0 for "no reason at all", 1 at the threshold, and beyond; may be Infinity. */
  level: number;
}

/** One observed instance, as one detector sees it. Calls come in the order of their times. */
export interface Watch {
  observe(sign: Sign, nowMs: number): void;
  status(nowMs: number): Suspicion;
}

export interface Detector<S extends z.ZodType = z.ZodType> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
  /** The kinds of signs that mean something to it; others are ignored. */
  readonly hears: readonly Sign['kind'][];
  /** It reckons with the numbers of heartbeats, and not only with when they came. */
  readonly isNumbered?: boolean;
  open(params: z.output<S>, startMs: number): Watch;
}

/** Keeps the schema's type for `open`; the erased form is what the catalog holds. */
export function defineDetector<S extends z.ZodType>(detector: Detector<S>): Detector<S> {
  return detector;
}

/** For detectors that count the time since something was last heard: suspects beyond the limit, not at it. */
export function silence(silentMs: number, limitMs: number): Suspicion {
  return { suspected: silentMs > limitMs, level: Math.max(0, silentMs) / limitMs };
}
