import { describe, expect, it } from 'vitest';
import { ACTS_MAX, type Act, inverseOf, withAct, wordsOf } from '../../../../../dashboards/live/src/views/chaos/acts.js';

const fault = { id: 'f', type: 'latency', proxies: ['a->b', 'a->c'] };

describe('what was done by hand', () => {
  it('is taken back by its opposite', () => {
    expect(inverseOf({ kind: 'put', faults: [fault] })).toEqual({ kind: 'endAll', ids: ['f'] });
    expect(inverseOf({ kind: 'end', fault })).toEqual({ kind: 'put', faults: [fault] });
    expect(inverseOf({ kind: 'change', id: 'f', fromPercentage: 10, toPercentage: 50 })).toMatchObject({
      fromPercentage: 50,
      toPercentage: 10,
    });
  });

  it('is said in a few words', () => {
    expect(wordsOf({ kind: 'put', faults: [fault] })).toBe('latency on a->b and 1 more');
    expect(wordsOf({ kind: 'end', fault })).toBe('the end of latency on a->b and 1 more');
    expect(wordsOf({ kind: 'change', id: 'f', fromPercentage: 10, toPercentage: 50 })).toBe('10 % → 50 % of f');
  });

  it('is remembered up to a bound, the oldest forgotten first', () => {
    let acts: readonly Act[] = [];
    for (let i = 0; i < ACTS_MAX + 5; i += 1) acts = withAct(acts, { kind: 'change', id: `f${i}`, fromPercentage: 0, toPercentage: 1 });
    expect([acts.length, acts[0]]).toMatchObject([ACTS_MAX, { id: 'f5' }]);
  });
});
