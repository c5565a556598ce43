/**
 * The shape of a history checker: a promise about shared data, judged from what its clients lived through and from nothing else. `valid` says that nothing in
 * this history breaks the promise, which is less than that it is kept; `invalid` is proof, and names the operations.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Operation } from './operation.js';

/** What an operation must carry: `none` that nothing is looked at. Numbers and figures are added up, and must be whole. */
export type Form = 'none' | 'text' | 'textOrNone' | 'twoTexts' | 'texts' | 'number' | 'figures';

/** Of operations of one name: of the question, and of the answer where there is one. */
export interface Shape {
  readonly input: Form;
  readonly output: Form;
  /** Figures beside the values that it must carry when it was done. */
  readonly needs?: readonly ('token' | 'version' | 'validMs')[];
}

export interface Anomaly {
  /** In one or two words: `stale read`, `lost`. */
  readonly kind: string;
  readonly says: string;
  /** Ids of the operations that prove it, at most ten. */
  readonly operations: readonly number[];
}

/** A figure of a history; of several keys the sum, or the largest. */
export interface Fact {
  readonly name: string;
  readonly value: number;
  readonly of: 'sum' | 'max';
  readonly unit?: 'ms';
}

export interface HistoryResult {
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  /** Why it could not be judged. */
  readonly reason?: string;
  /** The first ten. */
  readonly anomalies: readonly Anomaly[];
  readonly anomalyCount: number;
  readonly facts: readonly Fact[];
}

export interface HistoryChecker<S extends z.ZodType = z.ZodType> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
  /** The operations that it knows, by their names; a history with others is not judged. */
  knows(params: z.output<S>): Readonly<Record<string, Shape>>;
  /** Operations of one key, in order of their starts, each of a shape that it knows. */
  check(params: z.output<S>, operations: readonly Operation[]): HistoryResult;
}

/** Keeps the schema's type for `check`; the erased form is what the catalog holds. */
export function defineHistoryChecker<S extends z.ZodType>(checker: HistoryChecker<S>): HistoryChecker<S> {
  return checker;
}

const ANOMALIES_MAX = 10;
const OPERATIONS_MAX = 10;

/** Anomalies as they are found: all are counted, the first are kept. */
export class Findings {
  readonly #kept: Anomaly[] = [];
  #count = 0;

  add(kind: string, says: string, operations: readonly Operation[]): void {
    this.#count += 1;
    if (this.#kept.length >= ANOMALIES_MAX) return;
    this.#kept.push({ kind, says, operations: [...new Set(operations.map(({ id }) => id))].slice(0, OPERATIONS_MAX) });
  }

  /** `doubt`: why it cannot be judged unless something was found. */
  result(facts: readonly Fact[] = [], doubt?: string): HistoryResult {
    const found = { anomalies: this.#kept, anomalyCount: this.#count, facts };
    if (this.#count > 0) return { verdict: 'invalid', ...found };
    return doubt === undefined ? { verdict: 'valid', ...found } : { verdict: 'unknown', reason: doubt, ...found };
  }
}

export function sumFact(name: string, value: number): Fact {
  return { name, value, of: 'sum' };
}

/** Not judged, and why. */
export function unknownResult(reason: string): HistoryResult {
  return new Findings().result([], reason);
}
