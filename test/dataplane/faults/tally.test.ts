import { expect, test } from 'vitest';
import { TALLY_KEYS_MAX, Tally } from '../../../src/dataplane/faults/tally.js';

test('each key is counted by itself', () => {
  const tally = new Tally();
  expect(['a', 'b', 'a', '', 'a', ''].map((key) => tally.next(key))).toEqual([1, 1, 2, 1, 3, 2]);
});

test('of too many keys the one not seen for longest is forgotten, and no other', () => {
  const tally = new Tally();
  tally.next('old');
  tally.next('kept');
  for (let n = 0; n < TALLY_KEYS_MAX - 2; n++) tally.next(`key ${n}`);
  expect(tally.next('kept')).toBe(2);
  tally.next('one too many');
  expect([tally.next('kept'), tally.next('old')]).toEqual([3, 1]);
});

test('keys that resemble one another do not meet', () => {
  const tally = new Tally();
  const counts = Array.from({ length: TALLY_KEYS_MAX }, (_, n) => tally.next(`user-${n}`));
  expect(new Set(counts)).toEqual(new Set([1]));
});
