import { describe, expect, it } from 'vitest';
import { createOnce } from '../../../src/lab/payments/once.js';

function counted() {
  let done = 0;
  return { work: () => Promise.resolve(++done), done: () => done };
}

describe('work that is done once', () => {
  it('is done for the first, and its outcome told to all who ask later', async () => {
    const { work, done } = counted();
    const once = createOnce<number>({ keysMax: 10 });
    expect(await once.run('a', '42', work)).toEqual({ kind: 'done', value: 1 });
    expect(await once.run('a', '42', work)).toEqual({ kind: 'known', value: 1 });
    expect(done()).toBe(1);
  });

  it('is done once also for those who ask while it is being done', async () => {
    const { work, done } = counted();
    const once = createOnce<number>({ keysMax: 10 });
    const outcomes = await Promise.all([1, 2, 3].map(() => once.run('a', '42', work)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'known', 'known']);
    expect(done()).toBe(1);
  });

  it('is refused where the key stands for something else', async () => {
    const { work, done } = counted();
    const once = createOnce<number>({ keysMax: 10 });
    await once.run('a', '42', work);
    expect(await once.run('a', '43', work)).toEqual({ kind: 'conflict' });
    expect(done()).toBe(1);
  });

  it('may be asked for again when it has failed, and fails for all who waited for it', async () => {
    const once = createOnce<number>({ keysMax: 10 });
    const broken = () => Promise.reject(new Error('broken'));
    const both = await Promise.allSettled([once.run('a', '42', broken), once.run('a', '42', broken)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await once.run('a', '42', counted().work)).toEqual({ kind: 'done', value: 1 });
  });

  it('is not done again by who comes after a crash and is told of it', async () => {
    const { work } = counted();
    const once = createOnce<number>({ keysMax: 10, done: [{ key: 'a', about: '42', value: 7 }] });
    expect(await once.run('a', '42', work)).toEqual({ kind: 'known', value: 7 });
    expect((await once.run('a', '43', work)).kind).toBe('conflict');
    expect((await once.run('b', '42', work)).kind).toBe('done');
  });

  it('is forgotten with the oldest key when there are too many', async () => {
    const { work } = counted();
    const once = createOnce<number>({ keysMax: 2 });
    for (const key of ['a', 'b', 'c']) await once.run(key, '', work);
    expect((await once.run('b', '', work)).kind).toBe('known');
    expect((await once.run('a', '', work)).kind).toBe('done');
  });
});
