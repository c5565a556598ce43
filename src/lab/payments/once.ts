/**
 * Each key's work is done once, however often and however soon it is asked for again: who asks while it is being done waits for the same outcome.
 * What a reader gets wrong: a set of keys that are done is not enough, for the second request of a pair comes while the first is at work.
 */
import { forgetOldest } from '../forget-oldest.js';

export type Outcome<T> =
  /** Done now, for this request. */
  | { readonly kind: 'done'; readonly value: T }
  /** Done before, or for another request at the same time. */
  | { readonly kind: 'known'; readonly value: T }
  /** The key was used for something else. */
  | { readonly kind: 'conflict' };

export interface Once<T> {
  /** `about` says what is asked for: the same key with another `about` is a mistake. Work that throws is forgotten, and may be asked for again. */
  run(key: string, about: string, work: () => Promise<T>): Promise<Outcome<T>>;
}

/** What was done before. */
export interface Done<T> {
  readonly key: string;
  readonly about: string;
  readonly value: T;
}

/** `keysMax`: keys that are remembered; the oldest is forgotten first, and would be done again. `done`: by another process, as its log has it. */
export function createOnce<T>({ keysMax, done = [] }: { keysMax: number; done?: readonly Done<T>[] }): Once<T> {
  const kept = new Map<string, { about: string; value: Promise<T> }>();
  for (const { key, about, value } of done.slice(-keysMax)) kept.set(key, { about, value: Promise.resolve(value) });
  return {
    run: async (key, about, work) => {
      const known = kept.get(key);
      if (known !== undefined) return known.about === about ? { kind: 'known', value: await known.value } : { kind: 'conflict' };
      const value = work();
      kept.set(key, { about, value });
      forgetOldest(kept, keysMax);
      try {
        return { kind: 'done', value: await value };
      } catch (error) {
        kept.delete(key);
        throw error;
      }
    },
  };
}
