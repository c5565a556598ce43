import { describe, expect, it } from 'vitest';
import { serviceTimeMs } from '../../../src/lab/shop/service-time.js';

describe('service time', () => {
  const keys = Array.from({ length: 1_000 }, (_, i) => `key-${i}`);

  it('is one to four whole milliseconds, and all of them occur', () => {
    expect(new Set(keys.map(serviceTimeMs))).toEqual(new Set([1, 2, 3, 4]));
  });

  it('depends on the key alone', () => {
    expect(keys.map(serviceTimeMs)).toEqual(keys.map(serviceTimeMs));
  });
});
