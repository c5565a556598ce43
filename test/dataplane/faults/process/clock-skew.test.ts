import { describe, expect, it } from 'vitest';
import { clockSkew } from '../../../../src/dataplane/faults/process/clock-skew.js';

const parsed = (value: unknown) => clockSkew.schema.safeParse(value);

describe('clockSkew', () => {
  it.each([
    [{ ahead: '30s' }, { offsetMs: 30_000, gainMsPerSecond: 0 }],
    [
      { behind: '1.5s', gains: '20ms' },
      { offsetMs: -1_500, gainMsPerSecond: 20 },
    ],
    [{ loses: '100ms' }, { offsetMs: 0, gainMsPerSecond: -100 }],
    [
      { ahead: '10s', jumpEvery: '2s' },
      { offsetMs: 10_000, gainMsPerSecond: 0, jumpEveryMs: 2_000 },
    ],
  ])('%j says how wrong the clock is', (value, skew) => {
    expect(clockSkew.act(clockSkew.schema.parse(value))).toEqual({ kind: 'skew', skew: { jumpEveryMs: undefined, ...skew } });
  });

  it.each([
    ['a clock that is right', {}, 'expected how the clock is wrong'],
    ['a clock that loses nothing', { loses: '0s' }, 'expected how the clock is wrong'],
    ['both ways', { ahead: '1s', behind: '1s' }, 'either `ahead` or `behind`'],
    ['both drifts', { gains: '1ms', loses: '1ms' }, 'either `gains` or `loses`'],
    ['a clock that runs backwards', { loses: '2s' }, 'duration'],
    ['a drift that jumps', { ahead: '1s', gains: '1ms', jumpEvery: '1s' }, 'jumpEvery'],
    ['a bare number', { ahead: 30 }, 'without a unit'],
  ])('refuses %s', (_what, value, sentence) => {
    expect(JSON.stringify(parsed(value).error?.issues)).toContain(sentence);
  });
});
