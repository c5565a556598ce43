/**
 * A product whose defence is known: simulated from the tables of its source, or the real thing with what it says of itself. Each plays cycles of a
 * fault, and of each cycle it is known what should have been found.
 */
import type { Verdict } from '../../src/verify/check.js';

/** `good`: the defence does what the promise says. `bad`: it breaks it, in some way. `idle`: nothing put it to the test. */
export type Cell = 'good' | 'bad' | 'idle';
export const CELLS: readonly Cell[] = ['good', 'bad', 'idle'];

/** Of what product it is, by how it behaves. `unsure`: no name, or several that can be told apart. */
export type Recognition = 'right' | 'unsure' | 'wrong';

/** What one cycle showed, beside what is true of it. */
export interface CycleOutcome {
  cell: Cell;
  verdict: Verdict;
  /** One sentence, for whoever asks why. */
  summary: string;
  /** By its own log a good defence broke the promise this time, by bad luck, or a bad one kept it: no verdict can be held against it. */
  isUnlucky: boolean;
  /** How far each estimate was from the truth, in ms unless its name says another unit. */
  errors: Readonly<Record<string, readonly number[]>>;
  /** For what must be found exactly: whether it was. */
  exact: Readonly<Record<string, readonly boolean[]>>;
  /** Where it was asked which product this is. */
  fingerprint?: Recognition;
}

export interface Product {
  name: string;
  /** What of it is played, in a few words. */
  summary: string;
  kind: 'breaker' | 'ejection' | 'retries' | 'failover' | 'waiting' | 'load';
  /** The largest median error allowed of an estimate, by its name. */
  errorsMax: Readonly<Record<string, number>>;
}

export interface SimulatedProduct extends Product {
  cycle(cell: Cell, seed: number): CycleOutcome;
}

export interface RealProduct extends Product {
  /** Why it cannot be played here; undefined when it can. */
  missing(): string | undefined;
  /** Plays so many cycles, in real time. */
  play(cycles: number): Promise<readonly CycleOutcome[]>;
}
