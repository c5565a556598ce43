/** Lock service, store and workers as the processes they are: one works at a time, and when it is gone the other does, under a greater token. */
import { describe, expect, it } from 'vitest';
import { type StartedProgram, startProgram } from '../../support/program.js';
import { until } from '../../support/until.js';

const statusOf = async (worker: StartedProgram, job: string): Promise<number> =>
  (await fetch(`http://${worker.address}/jobs/${job}`, { method: 'PUT' })).status;

describe('the programs of the lease', () => {
  it('let one work at a time, and the other when the first is gone', async () => {
    await using locks = await startProgram({ file: 'lab/lease/locks.js', env: { PORT: '0' } });
    await using store = await startProgram({ file: 'lab/orders/store.js', env: { PORT: '0', NAME: 'db-1' } });
    const env = { PORT: '0', LOCKS: locks.address, STORE: store.address };
    await using first = await startProgram({ file: 'lab/lease/worker.js', env: { ...env, NAME: 'w-1' } });
    await until(async () => (await statusOf(first, 'a')) === 201);
    await using second = await startProgram({ file: 'lab/lease/worker.js', env: { ...env, NAME: 'w-2' } });
    expect(await statusOf(second, 'b')).toBe(202);
    await first[Symbol.asyncDispose]();
    await until(async () => (await statusOf(second, 'c')) === 201);
    const tokens = [first, second].flatMap(({ lines }) => lines.flatMap(({ event, token }) => (event === 'granted' ? [token] : [])));
    expect(tokens).toEqual([1, 2]);
  }, 90_000);
});
