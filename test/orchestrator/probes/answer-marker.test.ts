import { describe, expect, it } from 'vitest';
import { answerMarker, isMarked } from '../../../src/orchestrator/probes/answer-marker.js';

const answer = { end: 'complete', status: 200, headers: { 'x-degraded': 'payments', vary: ['a', 'b'] } } as const;
const marked = (marker: unknown, part: object = {}, text = '{"source": "cache"}') =>
  isMarked(answerMarker.parse(marker), { ...answer, ...part }, text);

describe('the marker of a stand-in', () => {
  it('is a status, a header or a place in the body, and all of what is said', () => {
    expect(marked({ status: 200 })).toBe(true);
    expect(marked({ headers: { 'X-Degraded': 'PAY*' } })).toBe(true);
    expect(marked({ headers: { vary: 'b' } })).toBe(true);
    expect(marked({ body: { jsonpath: '$.source', expect: 'cache' } })).toBe(true);
    expect(marked({ status: 203, headers: { 'x-degraded': '*' } })).toBe(false);
    expect(marked({ headers: { 'x-degraded': '*', 'x-other': '*' } })).toBe(false);
    expect(marked({ body: { jsonpath: '$.source', expect: 'live' } })).toBe(false);
  });

  it('is on no answer that was not whole', () => {
    expect(marked({ headers: { 'x-degraded': '*' } }, { end: 'timeout' })).toBe(false);
    expect(marked({ headers: { 'x-degraded': '*' } }, { status: undefined })).toBe(false);
  });

  it('is something', () => {
    expect(answerMarker.safeParse({}).success).toBe(false);
    expect(answerMarker.safeParse({ header: { a: 'b' } }).success).toBe(false);
  });
});
