import { expect, it } from 'vitest';
import { grouped } from '../../src/core/grouped.js';

it('keeps groups, and what is in them, in the order in which they came', () => {
  const groups = grouped([3, 1, 4, 1, 5, 9, 2, 6], (value) => (value % 2 === 0 ? 'even' : 'odd'));
  expect([...groups]).toEqual([
    ['odd', [3, 1, 1, 5, 9]],
    ['even', [4, 2, 6]],
  ]);
});
