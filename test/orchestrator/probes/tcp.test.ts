import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tcp } from '../../../src/orchestrator/probes/tcp.js';
import { probing } from '../../support/probing.js';

let server: Server;
let listening: string;
beforeEach(async () => {
  server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  listening = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
});

const NOBODY = '127.0.0.1:1';
const ask = (addresses: readonly string[], params: object = {}, signal = AbortSignal.timeout(2_000)) =>
  tcp.run(tcp.schema.parse({ target: { to: 's' }, ...params }), probing({ addresses: () => addresses }), signal);

describe('the tcp probe', () => {
  it('is met when every instance accepts, and takes a refused connection for a measured failure', async () => {
    expect(await ask([listening, listening])).toMatchObject({ met: true, value: 2 });
    const mixed = await ask([listening, NOBODY]);
    expect(mixed).toMatchObject({ met: false, value: 1 });
    expect(mixed.detail).toContain(`1 of 2 accepted; ${NOBODY}`);
    expect(mixed.detail).toContain('ECONNREFUSED');
  });

  it('can expect that nobody accepts any more', async () => {
    expect(await ask([NOBODY], { tolerance: 'refused' })).toMatchObject({ met: true, value: 0 });
    expect(await ask([listening, NOBODY], { tolerance: 'refused' })).toMatchObject({ met: false, value: 1 });
  });

  it('is not met when it is undecided at its deadline', async () => {
    expect(await ask([listening], {}, AbortSignal.abort())).toMatchObject({
      met: false,
      detail: expect.stringContaining('no answer in time'),
    });
  });

  it('cannot judge a service without instances', async () => {
    expect(await ask([])).toMatchObject({ met: null });
  });
});
