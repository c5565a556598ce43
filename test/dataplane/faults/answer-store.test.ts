import { describe, expect, it } from 'vitest';
import { AnswerStore, type KeptAnswer } from '../../../src/dataplane/faults/answer-store.js';

const answer = (bytes: number, status = 200): KeptAnswer => ({ status, headers: {}, body: Buffer.alloc(bytes), keptMs: 0 });

describe('an answer store', () => {
  it('finds what was kept last for a key', () => {
    const store = new AnswerStore({ answersMax: 10, bytesMax: 1_000 });
    store.keep('a', answer(1, 200));
    store.keep('a', answer(1, 404));
    expect(store.get('a')?.status).toBe(404);
    expect(store.get('b')).toBeUndefined();
  });

  it('lets the oldest go beyond so many answers, and beyond so many bytes', () => {
    const few = new AnswerStore({ answersMax: 2, bytesMax: 1_000 });
    for (const key of ['a', 'b', 'c']) few.keep(key, answer(1));
    expect(['a', 'b', 'c'].map((key) => few.get(key) !== undefined)).toEqual([false, true, true]);
    const small = new AnswerStore({ answersMax: 100, bytesMax: 250 });
    for (const key of ['a', 'b', 'c']) small.keep(key, answer(99));
    expect(['a', 'b', 'c'].map((key) => small.get(key) !== undefined)).toEqual([false, true, true]);
    small.keep('b', answer(0));
    small.keep('d', answer(99));
    expect(['b', 'c', 'd'].map((key) => small.get(key) !== undefined)).toEqual([true, true, true]);
  });

  it('counts headers and keys as well', () => {
    const store = new AnswerStore({ answersMax: 10, bytesMax: 100 });
    store.keep('a', { ...answer(0), headers: { name: 'x'.repeat(60) } });
    store.keep('b'.repeat(30), answer(0));
    expect(store.get('a')).toBeDefined();
    store.keep('c', answer(10));
    expect(store.get('a')).toBeUndefined();
  });

  it('keeps nothing that alone is too large, and forgets what it would have replaced', () => {
    const store = new AnswerStore({ answersMax: 2, bytesMax: 100 });
    store.keep('b', answer(1));
    store.keep('a', answer(1));
    store.keep('a', answer(100));
    expect([store.get('a'), store.get('b')?.status]).toEqual([undefined, 200]);
  });
});
