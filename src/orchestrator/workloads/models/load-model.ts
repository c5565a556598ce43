/**
 * The shape of a load model: who decides when the next request starts. A model only reckons: instants go in and come out, all of the load's own
 * clock; sockets and timers are the loop's business.
 */
import type { z } from 'zod';
import type { Definition } from '../../../core/catalog.js';

/** When requests start. */
export interface Arrivals {
  /** When the next one is due; Infinity if none is until something changes. */
  nextMs(): number;
  /** That one is started. */
  take(): void;
  /** One that was started has ended; `isFailure` if there was no whole answer. */
  ended(at: { atMs: number; isFailure: boolean }): void;
  /** The load is so high from now on, whatever stages were still to come. */
  setLevel(at: { atMs: number; level: number }): void;
}

export interface LoadModel<S extends z.ZodObject = z.ZodObject> extends Definition {
  /** Its own keys beside those that every load has. */
  readonly schema: S;
  readonly example: z.input<S>;
  /** The one that is meant where none is named. */
  readonly isDefault?: true;
  /** What its level counts, as the key of a change: `rate`, `users`. */
  readonly level: 'rate' | 'users';
  /** In a few words: `120 requests/s`. */
  words(params: z.output<S>): string;
  /** How many requests fall due until then; left out where that depends on the answers. */
  dueUntil?(params: z.output<S>, ms: number): number;
  open(params: z.output<S>): Arrivals;
}

/** Keeps the schema's type for `open`; the erased form is what the catalog holds. */
export function defineLoadModel<S extends z.ZodObject>(model: LoadModel<S>): LoadModel<S> {
  return model;
}
