/**
 * The shape of a fault on the processes of instances. Pure: it says what is to be done to a process, and the orchestrator does it. A reader would get
 * wrong where it is on: no link carries it, and the daemon never hears of it; whoever calls such an instance meets what is left of it.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Harm } from './harm.js';

/** How wrong the wall clock of a process is. */
export interface ClockSkew {
  /** From the first moment on; below 0 it is behind. */
  offsetMs: number;
  /** What it gains in a second that passes, on top; below 0 it loses. */
  gainMsPerSecond: number;
  /** It is so long wrong and so long right, in turns; undefined: wrong all the time. */
  jumpEveryMs?: number | undefined;
}

/**
 * `hold`: the process stands still. `ration`: it gets so much of one processor. `kill`: it is ended at once, and started again afterwards, or not, with the data it
 * left, older data or none. `skew`: its wall clock is wrong, all others are left alone. `limitFiles`: no file
 * that it writes may grow beyond that. `slowFiles`: it waits so much longer for files.
 */
export type ProcessAct =
  | { kind: 'hold' }
  | { kind: 'ration'; percent: number; by: RationedBy }
  | { kind: 'kill'; startsAgain: boolean; data: 'same' | ReplacedData }
  | { kind: 'skew'; skew: ClockSkew }
  | { kind: 'limitFiles'; bytesMax: number }
  | { kind: 'slowFiles'; latencyMs: number };

/** `either`: a quota where the machine has them. */
export type RationedBy = 'either' | 'quota' | 'turns';

/** In place of what a process had written: a copy of before, or nothing. */
export type ReplacedData = 'copy' | 'nothing';

/** What a process has to be started with, so that a fault can get at it later. */
export type ProcessNeed = 'steeredClock';

export interface ProcessFault<S extends z.ZodObject = z.ZodObject> extends Definition {
  readonly protocol: 'process';
  readonly schema: S;
  readonly example: z.input<S>;
  readonly needs?: ProcessNeed;
  act(params: z.output<S>): ProcessAct;
  /** What a request to such an instance lives through, where that is sure. */
  harm?(params: z.output<S>): Harm | undefined;
}

/** What a fault of this type does, its parameters as they were written. */
export function actOf({ schema, act }: ProcessFault, written: unknown): ProcessAct {
  return act(schema.parse(written ?? {}));
}

export function defineProcessFault<S extends z.ZodObject>(fault: Omit<ProcessFault<S>, 'protocol'>): ProcessFault<S> {
  return { protocol: 'process', ...fault };
}
