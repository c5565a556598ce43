import { describe, expect, it } from 'vitest';
import { figureNames, trendOf } from '../../src/history/trend.js';
import { summary } from '../support/summaries.js';

const newestFirst = [summary(2), summary(1, { findings: [] }), summary(0)];

describe('the trend of a figure', () => {
  it('goes from the oldest run to the newest, and leaves out no run', () => {
    const trend = trendOf(newestFirst, 'ejects: time to ejection');
    expect(trend?.unit).toBe('ms');
    expect(trend?.points.map(({ value }) => value)).toEqual([1_000, null, 1_002]);
  });

  it('is not there for a figure that nobody tells', () => {
    expect(trendOf(newestFirst, 'ejects: colour')).toBeUndefined();
    expect(trendOf([], 'load->gateway: p99')).toBeUndefined();
  });

  it('can be had of every figure that has a name', () => {
    for (const name of figureNames(newestFirst)) expect(trendOf(newestFirst, name)?.points).toHaveLength(3);
    expect(figureNames(newestFirst)).toContain('load->gateway: p99');
  });
});
