import { describe, expect, it } from 'vitest';
import { sleep } from '../../../src/core/clock.js';
import { createWorkers, type Worked, type WorkersOptions } from '../../../src/lab/shop/workers.js';
import { VirtualClock } from '../../support/clock.js';

const WORK_MS = 100;

function scene(options: Omit<WorkersOptions, 'clock'>) {
  const clock = new VirtualClock();
  const workers = createWorkers({ ...options, clock });
  const ended: string[] = [];
  const begin = (name: string, left?: AbortSignal): void => {
    const say = (worked: Worked<void>): unknown => ended.push(`${name} ${worked.kind === 'done' ? 'done' : worked.why}`);
    void workers.work(() => sleep(clock, WORK_MS), left).then(say, () => ended.push(`${name} thrown`));
  };
  /** Time passes in steps, so that what a timer has let go on can go on. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
  };
  return { clock, workers, ended, begin, pass };
}

describe('workers', () => {
  it('do as much at a time as there are of them, and the rest in the order in which it came', async () => {
    const { begin, ended, pass } = scene({ count: 2, queueMax: 10 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) begin(name);
    await pass(WORK_MS);
    expect(ended).toEqual(['a done', 'b done']);
    await pass(WORK_MS);
    expect(ended).toEqual(['a done', 'b done', 'c done', 'd done']);
    await pass(WORK_MS);
    expect(ended.at(-1)).toBe('e done');
  });

  it('turn away at once what finds no place to wait', async () => {
    const { begin, ended, pass } = scene({ count: 1, queueMax: 1 });
    for (const name of ['a', 'b', 'c']) begin(name);
    await pass(10);
    expect(ended).toEqual(['c full']);
  });

  it('turn away what has waited for too long, and begin with what is still of use', async () => {
    const { begin, ended, pass } = scene({ count: 1, queueMax: 10, waitMsMax: 150 });
    for (const name of ['a', 'b', 'c']) begin(name);
    await pass(2 * WORK_MS);
    expect(ended).toEqual(['a done', 'c late', 'b done']);
  });

  it('never begin with what somebody asked for who has left', async () => {
    const { begin, ended, pass } = scene({ count: 1, queueMax: 10 });
    const caller = new AbortController();
    begin('a');
    begin('b', caller.signal);
    begin('c');
    caller.abort();
    begin('d', caller.signal);
    await pass(2 * WORK_MS);
    expect([...ended].sort()).toEqual(['a done', 'b left', 'c done', 'd left']);
  });

  it('carry to its end what has begun, whoever has left', async () => {
    const { begin, ended, pass } = scene({ count: 1, queueMax: 10 });
    const caller = new AbortController();
    begin('a', caller.signal);
    caller.abort();
    await pass(WORK_MS);
    expect(ended).toEqual(['a done']);
  });

  it('are free again when the work has thrown, and leave no timer behind', async () => {
    const { clock, workers, begin, ended, pass } = scene({ count: 1, queueMax: 10, waitMsMax: 1_000 });
    const thrown = workers.work(() => Promise.reject(new Error('broken')));
    await expect(thrown).rejects.toThrow('broken');
    begin('a');
    begin('b');
    await pass(2 * WORK_MS);
    expect(ended).toEqual(['a done', 'b done']);
    expect(clock.pending).toBe(0);
  });
});
