/**
 * A cycle of every real product that is installed here. The machine may be busy, so how far estimates are off is for the bench to say; here no bad
 * one may pass, no idle one be judged, and no good one fail twice. What is not installed is skipped by name, except where all of it has to be there.
 */
import { describe, expect, it } from 'vitest';
import type { Product } from '../product.js';
import { isWrong } from '../score.js';
import * as real from './registry.js';

const CYCLES = 1;
/** One waits for all others of its kind. */
const TIMEOUT_MS = 400_000;
const isComplete = process.env['CI'] === 'true';

/** Of each kind one at a time: all at once they would starve each other. */
const turns = new Map<Product['kind'], Promise<unknown>>();

function inTurn<T>(kind: Product['kind'], play: () => Promise<T>): Promise<T> {
  const turn = (turns.get(kind) ?? Promise.resolve()).then(play, play);
  turns.set(kind, turn);
  return turn;
}

/** The kinds by turns: whoever waits for another of his kind takes the place of one who need not. */
function byTurns<P extends Product>(products: readonly P[]): P[] {
  const place = (product: P): number => products.filter(({ kind }) => kind === product.kind).indexOf(product);
  return products.toSorted((a, b) => place(a) - place(b));
}

describe.concurrent('what the checks say of real products', () => {
  for (const product of byTurns(Object.values(real))) {
    const missing = product.missing();
    it.skipIf(missing !== undefined && !isComplete)(
      `${product.name}: ${missing ?? 'good ones pass, bad ones fail, idle ones are not judged'}`,
      async () => {
        expect(missing).toBeUndefined();
        const play = () => inTurn(product.kind, () => product.play(CYCLES));
        const outcomes = await play();
        expect(outcomes.length).toBeGreaterThan(CYCLES);
        const wrong = outcomes.filter(isWrong);
        expect(wrong.filter(({ cell }) => cell !== 'good')).toEqual([]);
        // A stall of the machine fails a good one now and then; how often, the bench counts. Twice in a row is no stall.
        if (wrong.length > 0) expect((await play()).filter(isWrong)).toEqual([]);
      },
      TIMEOUT_MS,
    );
  }
});
