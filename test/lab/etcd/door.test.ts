/** The program as it runs, before members that answer as etcd does: it asks the one of its own number, and tells values in a header. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { forThisTest } from '../../support/for-this-test.js';
import { startPeer } from '../../support/lab-peers.js';
import { startProgram } from '../../support/program.js';

describe('a door to etcd', () => {
  it('asks the member of its number, and tells its value', async () => {
    const members = await Promise.all(
      [0, 1].map(async () => forThisTest(await startPeer((_request, response) => response.end('{"kvs":[{"key":"YQ==","value":"dHdv"}]}')))),
    );
    const ETCD = members.map(({ address }) => `127.0.0.1:${address.port}`).join(',');
    const door = forThisTest(await startProgram({ file: 'lab/etcd/door.js', env: { PORT: '0', NAME: 'door-2', ETCD } }));
    const read = await request(`http://${door.address}/registers/a`);
    expect([read.statusCode, read.headers['x-value']]).toEqual([200, 'two']);
    await read.body.dump();
    const write = await request(`http://${door.address}/registers/a`, { method: 'PUT', headers: { 'x-value': 'three' } });
    expect(write.statusCode).toBe(200);
    await write.body.dump();
    expect(members.map(({ requests }) => requests)).toEqual([[], ['/v3/kv/range', '/v3/kv/put']]);
  });

  it('refuses a number that no member has', async () => {
    const door = forThisTest(await startProgram({ file: 'lab/etcd/door.js', env: { PORT: '0', NAME: 'door-9', ETCD: '127.0.0.1:1' } }));
    expect((await door.exited).code).toBe(1);
    expect(door.stderr()).toContain('expected NAME to end in a number from 1 to 1, found "door-9"');
  });
});
