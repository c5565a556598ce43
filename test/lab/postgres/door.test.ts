/** The program as it runs, before a real PostgreSQL and its follower: when the leader is gone, the follower is promoted and has what was written. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { forThisTest } from '../../support/for-this-test.js';
import { postgresPrograms, startFollower, startPostgres } from '../../support/postgres.js';
import { startProgram } from '../../support/program.js';
import { until } from '../../support/until.js';

const programs = postgresPrograms();
async function ask(address: string, path: string, write?: string): Promise<{ status: number; value: unknown }> {
  const given = write === undefined ? {} : ({ method: 'PUT', headers: { 'x-value': write } } as const);
  const { statusCode, headers, body } = await request(`http://${address}${path}`, given);
  await body.dump();
  return { status: statusCode, value: headers['x-value'] };
}

/** The value of the first such answer. */
const answered = async (status: number, asked: () => Promise<{ status: number; value: unknown }>): Promise<unknown> =>
  (await until(async () => [await asked()].find((answer) => answer.status === status))).value;

describe.skipIf(programs === undefined)('a door to PostgreSQL', () => {
  it('writes and reads, and has the follower promoted when the leader is gone', async () => {
    const leader = forThisTest(await startPostgres(programs ?? ''));
    const follower = forThisTest(await startFollower(programs ?? '', leader.url));
    const SERVERS = `127.0.0.1:${leader.port},127.0.0.1:${follower.port}`;
    const { address } = forThisTest(await startProgram({ file: 'lab/postgres/door.js', env: { PORT: '0', SERVERS } }));
    await answered(200, () => ask(address, '/ready'));
    expect(await ask(address, '/registers/a')).toEqual({ status: 404, value: undefined });
    expect(await ask(address, '/registers/a', 'one')).toMatchObject({ status: 200 });
    expect(await ask(address, '/registers/a')).toEqual({ status: 200, value: 'one' });
    await leader[Symbol.asyncDispose]();
    expect(await answered(200, () => ask(address, '/registers/a'))).toBe('one');
    await answered(200, () => ask(address, '/registers/a', 'two'));
  });
});
