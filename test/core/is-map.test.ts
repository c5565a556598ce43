import { describe, expect, it } from 'vitest';
import { isMap } from '../../src/core/is-map.js';

describe('a map', () => {
  it('is an object with keys or without, and nothing else', () => {
    expect([{}, { a: 1 }, Object.create(null)].filter((value) => !isMap(value))).toEqual([]);
    expect([null, undefined, [], [{}], 'a', 1, true].filter(isMap)).toEqual([]);
  });
});
