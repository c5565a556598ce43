/**
 * The shape of a stop condition: what is looked at a few times a second while the method goes on, and when it is enough. Pure: facts go in, the
 * reason to stop comes out. A condition is written as a map that has its name as a key.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Exchange } from '../../journal/observations.js';
import type { Streak } from '../../journal/probe-streak.js';

/** What the run knows at an instant. */
export interface StopFacts {
  nowMs: number;
  /** Front-door requests since the first fault that got no answer, or a server error. */
  harmed: number;
  /** Front-door requests per second in the baseline. */
  baselinePerSecond: number;
  streak(probe: string): Streak;
  /** Exchanges that ended in the last `windowMs`, a minute at most; names are services or instances. */
  recent(target: { from?: string | undefined; to: string }, windowMs: number): readonly Exchange[];
}

export interface StopCondition<S extends z.ZodType = z.ZodType> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
  /** As a person would say it: `more than 2000 harmed requests`. */
  words(params: z.output<S>): string;
  /** The probe that it looks at: a continuous one. */
  probe?(params: z.output<S>): string;
  /** Why it is enough, with the figures; undefined while it is not. */
  trips(params: z.output<S>, facts: StopFacts): string | undefined;
}

/** Keeps the schema's type for `trips`; the erased form is what the catalog holds. */
export function defineStopCondition<S extends z.ZodType>(condition: StopCondition<S>): StopCondition<S> {
  return condition;
}
