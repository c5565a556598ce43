import { describe, expect, it } from 'vitest';
import { type Covered, countOf, matrixOf } from '../../../../../dashboards/live/src/views/coverage/matrix.js';

const cell = (edge: string, fault: string, change: Partial<Covered> = {}): Covered => ({
  edge,
  fault,
  check: 'retry',
  verdict: 'pass',
  run: 'r',
  ageMs: 0,
  ...change,
});

describe('the matrix of what was tried', () => {
  it('has every edge and every fault, and shows what nobody tried as empty', () => {
    const matrix = matrixOf([cell('b->c', 'delay'), cell('a->b', 'abort'), cell('a->b', 'abort', { check: 'timeout' })]);
    expect(matrix.edges).toEqual(['a->b', 'b->c']);
    expect(matrix.faults).toEqual(['abort', 'delay']);
    expect(matrix.at('a->b', 'abort').map(({ check }) => check)).toEqual(['retry', 'timeout']);
    expect(matrix.at('a->b', 'delay')).toEqual([]);
  });

  it('counts a pair as covered while something fresh is known of it', () => {
    const cells = [cell('a->b', 'abort'), cell('a->b', 'abort', { check: 'x', stale: 'age' }), cell('b->c', 'delay', { stale: 'changed' })];
    expect(countOf(cells)).toEqual({ tried: 1, places: 4, stale: 2 });
  });
});
