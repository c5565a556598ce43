import { describe, expect, it } from 'vitest';
import { sleep } from '../../../src/core/clock.js';
import { LabError } from '../../../src/core/errors.js';
import { CAPACITY_FLAGS, readCapacity } from '../../../src/lab/shop/capacity.js';
import { readFlags } from '../../../src/lab/switches.js';
import { VirtualClock } from '../../support/clock.js';

function scene(args: readonly string[]) {
  const clock = new VirtualClock();
  const deaths: string[] = [];
  const capacity = readCapacity(readFlags(args, CAPACITY_FLAGS), { clock, die: (reason) => deaths.push(reason) });
  const nobody = new AbortController();
  const ask = (left = nobody.signal) => capacity.work(() => sleep(clock, 100), left);
  return { clock, deaths, capacity, ask };
}

describe('the capacity of an instance', () => {
  it('is without limit, and of a few milliseconds, where no switch says otherwise', async () => {
    const { clock, capacity, ask } = scene([]);
    const asked = Array.from({ length: 500 }, () => ask());
    clock.advance(100);
    expect((await Promise.all(asked)).every(({ kind }) => kind === 'done')).toBe(true);
    expect(capacity.timeMs('a')).toBeLessThanOrEqual(4);
  });

  it('takes about as long as it is told, by the key alone', () => {
    const { capacity } = scene(['--service-ms', '100']);
    const times = Array.from({ length: 1_000 }, (_, i) => capacity.timeMs(`key-${i}`));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...times)).toBeLessThanOrEqual(150);
    expect(times.reduce((sum, ms) => sum + ms, 0) / times.length).toBeCloseTo(100, -1);
    expect(capacity.timeMs('key-1')).toBe(times[1]);
  });

  it('with shedding turns away whoever finds the queue full or has left', async () => {
    const { ask, deaths } = scene(['--workers', '1', '--queue', '1']);
    void ask();
    void ask();
    expect(await ask()).toEqual({ kind: 'refused', why: 'full' });
    expect(await ask(AbortSignal.abort())).toEqual({ kind: 'refused', why: 'left' });
    expect(deaths).toEqual([]);
  });

  it('without shedding takes in all, those that have left too, until it dies of them', async () => {
    const { ask, deaths } = scene(['--workers', '1', '--shedding', 'off', '--memory', '3']);
    void ask();
    for (let i = 0; i < 3; i++) void ask(AbortSignal.abort());
    expect(deaths).toEqual([]);
    await ask();
    expect(deaths).toEqual(['out of memory: 3 requests wait']);
  });

  it.each([
    ['--workers', 'many'],
    ['--service-ms', '0'],
    ['--shedding', 'maybe'],
  ])('is refused where %s is %s', (flag, value) => {
    expect(() => scene([flag, value])).toThrow(LabError);
  });
});
