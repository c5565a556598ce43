import { describe, expect, it } from 'vitest';
import { majorityOf } from '../../src/lab/majority.js';

describe('a majority', () => {
  it('is more than half, so that two of them always share a member', () => {
    expect([1, 2, 3, 4, 5].map(majorityOf)).toEqual([1, 2, 2, 3, 3]);
  });
});
