import { expect, it } from 'vitest';
import { forgetOldest } from '../../src/lab/forget-oldest.js';

it('the oldest is forgotten first, and nothing while there is room', () => {
  const known = new Map<string, number>();
  for (const [at, key] of ['a', 'b', 'c', 'a', 'd'].entries()) {
    known.set(key, at);
    forgetOldest(known, 3);
  }
  expect([...known]).toEqual([
    ['b', 1],
    ['c', 2],
    ['d', 4],
  ]);
});
