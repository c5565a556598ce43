import { describe, expect, it } from 'vitest';
import { answerExpectation, expectsText, judgeAnswer } from '../../../src/orchestrator/probes/answer-expectation.js';

const answer = { end: 'complete', status: 200, startMs: 100, endMs: 150 } as const;
const judge = (expected: unknown, part: object = {}, text = '') =>
  judgeAnswer(answerExpectation.parse(expected), { ...answer, ...part }, text);

describe('what is expected of an answer', () => {
  it('is judged by the first thing that is wrong', () => {
    const expected = { status: 200, body: { jsonpath: '$.ok', expect: true }, within: '100ms' };
    expect(judge(expected, {}, '{"ok": true}')).toBe('met');
    expect(judge(expected, { status: 201 }, '{"ok": true}')).toBe('wrongStatus');
    expect(judge(expected, {}, '{"ok": false}')).toBe('wrongBody');
    expect(judge(expected, {}, 'no JSON')).toBe('wrongBody');
    expect(judge(expected, { endMs: 201 }, '{"ok": true}')).toBe('late');
    expect(judge(expected, { end: 'timeout' })).toBe('noAnswer');
  });

  it('may be a server error, where that is what should come', () => {
    expect(judge({ status: { in: [503, 429] } }, { status: 503 })).toBe('met');
    expect(judge({ status: { range: [200, 299] } }, { status: 503 })).toBe('wrongStatus');
    expect(judge({ body: { regex: '^sold out' } }, { status: 404 }, 'sold out since noon')).toBe('met');
  });

  it('reads a body only where it is looked into', () => {
    expect(expectsText(answerExpectation.parse({ status: 200 }))).toBe(false);
    expect(expectsText(answerExpectation.parse({ body: { regex: 'x' } }))).toBe(true);
    expect(expectsText(undefined)).toBe(false);
  });

  it('is something', () => {
    expect(answerExpectation.safeParse({}).success).toBe(false);
    expect(answerExpectation.safeParse({ body: { regex: '(' } }).success).toBe(false);
  });
});
