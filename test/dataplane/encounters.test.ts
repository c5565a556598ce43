import { expect, it } from 'vitest';
import { toldFaults } from '../../src/dataplane/encounters.js';

it('an observation tells of no fault unless there was one', () => {
  expect(toldFaults([])).toEqual({});
});

it('what a fault did not do has a reason, and one that could not look has not matched', () => {
  const told = toldFaults([
    ['a', 'applied'],
    ['b', 'share'],
    ['c', 'unread'],
  ]);
  expect(told).toEqual({
    matched: ['a', 'b'],
    applied: ['a'],
    skipped: [
      { fault: 'b', why: 'share' },
      { fault: 'c', why: 'unread' },
    ],
  });
});
