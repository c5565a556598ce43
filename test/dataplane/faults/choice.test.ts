import { describe, expect, it, test } from 'vitest';
import { keyedDraw } from '../../../src/core/random.js';
import { Choice, type ChoiceSpec, type MeetingKey } from '../../../src/dataplane/faults/choice.js';
import type { RequestHead } from '../../../src/dataplane/faults/fault.js';

const draw = keyedDraw({ seed: 7, faultId: 'f' });
const choice = (spec: ChoiceSpec, protocol: 'http' | 'tcp' = 'http') => new Choice(spec, { draw, protocol });
const at = (more: Partial<MeetingKey> = {}): MeetingKey => ({ link: 'a->b', instance: 'b', connection: 1, ...more });
const from = (user: string): MeetingKey =>
  at({ head: { method: 'GET', target: '/', version: '1.1', header: (name) => (name === 'x-user' ? user : undefined) } as RequestHead });

/** Numbers, from one, of those of `keys` that are hit. */
function hit(chosen: Choice, keys: readonly MeetingKey[], percentage = 100): number[] {
  return keys.flatMap((key, i) => (chosen.hits(chosen.meet(key), percentage) ? [i + 1] : []));
}
const many = (count: number) => Array.from({ length: count }, () => at());

describe('a place in the count', () => {
  test.each<[string, ChoiceSpec, number[]]>([
    ['first', { first: 3 }, [1, 2, 3]],
    ['nth', { nth: 4 }, [4]],
    ['every', { every: 5 }, [5, 10]],
    ['every within the first', { every: 2, first: 5 }, [2, 4]],
    ['nth that is none of the first', { nth: 4, first: 3 }, []],
    ['nothing said', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])('%s', (_title, spec, expected) => {
    const chosen = choice(spec);
    expect(hit(chosen, many(10))).toEqual(expected);
    expect(chosen.counts).toMatchObject({ matched: 10, applied: expected.length, skipped: 10 - expected.length, overflow: 0 });
  });

  it('is counted for each key, if one is named', () => {
    const users = ['ann', 'bob', 'ann', 'ann', 'bob', 'cy'].map(from);
    expect(hit(choice({ nth: 2, keyBy: 'header:X-User' }), users)).toEqual([3, 5]);
    expect(hit(choice({ first: 1, keyBy: 'connection' }), [at(), at(), at({ connection: 2 }), at({ link: 'c->b' })])).toEqual([1, 3, 4]);
    expect(hit(choice({ first: 1, keyBy: 'instance' }), [at(), at({ connection: 2 }), at({ instance: 'c' })])).toEqual([1, 3]);
  });

  it('may be counted by what a JSONPath finds in the body', () => {
    const bodies = [{ id: 1 }, { id: 2 }, { id: '1' }, {}, null, undefined].map((body) => at({ body }));
    expect(choice({ keyBy: 'jsonpath:$.id' }).needsBody).toBe(true);
    expect(hit(choice({ nth: 2, keyBy: 'jsonpath:$.id' }), bodies)).toEqual([3, 5]);
  });

  it('is one count for all, where what is counted is the key', () => {
    expect(hit(choice({ first: 2 }), [at(), at({ connection: 2 }), at({ instance: 'c' })])).toEqual([1, 2]);
    expect(hit(choice({ nth: 2, keyBy: 'request' }), [at(), at({ connection: 2 })])).toEqual([2]);
    expect(hit(choice({ nth: 2, keyBy: 'connection' }, 'tcp'), [at(), at({ connection: 2 })])).toEqual([2]);
  });

  it('comes before the percentage: a share of every other is a share of those', () => {
    const chosen = choice({ every: 2 });
    const half = hit(chosen, many(400), 50);
    expect(half.filter((n) => n % 2 === 1)).toEqual([]);
    expect(half.length).toBeGreaterThan(60);
    expect(half.length).toBeLessThan(140);
    expect(hit(choice({}), many(400), 50)).toEqual(expect.arrayContaining(half));
  });

  it('is counted whatever the percentage, so that a ramp does not move it', () => {
    const chosen = choice({ first: 2 });
    expect([...hit(chosen, many(2), 0), ...hit(chosen, many(2), 100)]).toEqual([]);
  });
});

describe('room', () => {
  it('is for so many at a time; what comes beyond goes by and is counted', () => {
    const chosen = choice({ maxActive: 2 });
    const meetings = many(4).map((key) => chosen.meet(key));
    expect(meetings.map((meeting) => chosen.hits(meeting, 100))).toEqual([true, true, false, false]);
    expect(chosen.counts).toMatchObject({ matched: 4, applied: 2, skipped: 0, overflow: 2 });
    const [first] = meetings;
    if (first) chosen.leave(first);
    expect(hit(chosen, many(2))).toEqual([1]);
    expect(chosen.counts).toMatchObject({ matched: 6, applied: 3, skipped: 0, overflow: 3 });
  });

  it('is not given up twice, nor by what never had it', () => {
    const chosen = choice({ maxActive: 1 });
    const [a, b] = many(2).map((key) => chosen.meet(key));
    if (!a || !b) throw new Error('two meetings');
    expect([chosen.hits(a, 100), chosen.hits(b, 100)]).toEqual([true, false]);
    chosen.leave(b);
    expect(hit(chosen, many(1))).toEqual([]);
    chosen.leave(a);
    chosen.leave(a);
    expect(hit(chosen, many(2))).toEqual([1]);
  });

  it('once refused stays refused, and is counted once', () => {
    const chosen = choice({ maxActive: 1 });
    const [a, b] = many(2).map((key) => chosen.meet(key));
    if (!a || !b) throw new Error('two meetings');
    chosen.hits(a, 100);
    chosen.hits(b, 100);
    chosen.leave(a);
    expect([chosen.hits(b, 100), chosen.hits(b, 100)]).toEqual([false, false]);
    expect(chosen.counts).toMatchObject({ matched: 2, applied: 1, skipped: 0, overflow: 1 });
  });

  it('is kept by what was hit until it is over, though the percentage has gone down', () => {
    const chosen = choice({ maxActive: 1 });
    const meeting = chosen.meet(at());
    expect([chosen.hits(meeting, 100), chosen.hits(meeting, 0), chosen.hits(meeting, 100)]).toEqual([true, false, true]);
    expect(chosen.counts).toMatchObject({ matched: 1, applied: 1, skipped: 0, overflow: 0 });
  });

  it('is not taken by what the percentage spares', () => {
    const chosen = choice({ maxActive: 1 });
    expect(hit(chosen, many(5), 0)).toEqual([]);
    expect(chosen.counts).toMatchObject({ matched: 5, applied: 0, skipped: 5, overflow: 0 });
    expect(hit(chosen, many(2))).toEqual([1]);
  });
});
