import { describe, expect, it } from 'vitest';
import { isMeant, joined, toggled } from '../../../../../dashboards/live/src/views/runs/run-filter.js';

const run = { run: '2026-a', title: 'gray-failure', environment: 'staging', faults: ['abort', 'blackhole'], verdict: 'fail' } as const;

describe('the filter of runs', () => {
  it('wants every word somewhere, and the verdict', () => {
    expect(isMeant(run, { words: '', verdict: '' })).toBe(true);
    expect(isMeant(run, { words: 'GRAY black', verdict: 'fail' })).toBe(true);
    expect(isMeant(run, { words: 'gray delay', verdict: '' })).toBe(false);
    expect(isMeant(run, { words: '', verdict: 'pass' })).toBe(false);
  });

  it('keeps the two that were chosen last', () => {
    expect(toggled([], 'a')).toEqual(['a']);
    expect(toggled(['a', 'b'], 'c')).toEqual(['b', 'c']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});

describe('two pages of runs', () => {
  it('are one list in which each run is once', () => {
    expect(joined([{ run: 'c' }, { run: 'b' }], [{ run: 'b' }, { run: 'a' }])).toEqual([{ run: 'c' }, { run: 'b' }, { run: 'a' }]);
  });
});
