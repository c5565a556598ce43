import { describe, expect, it } from 'vitest';
import { emptyResponse } from '../../../../src/dataplane/faults/http/empty-response.js';
import { get, httpProxyTo, Transcript } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { curl, fate, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, untilEmpty } from '../../../support/tcp.js';

describe('emptyResponse', () => {
  it('ends the connection in order, without a byte', () => {
    expect(decider(emptyResponse)()).toEqual({ kind: 'raw', bytes: Buffer.alloc(0), ending: 'close' });
  });

  it('has nothing to choose', () => {
    expect(emptyResponse.schema.safeParse({ status: 200 }).success).toBe(false);
  });

  it.each([
    { direction: 'up' as const, heard: 0 },
    { direction: 'down' as const, heard: 3 },
  ])('is what undici and curl get for an answer; $direction, the callee has heard $heard of 3 requests', async ({ direction, heard }) => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'emptyResponse', direction })]);
    await using caller = undiciCaller(link.port);
    expect(await fate(caller.ask('/', { method: 'POST', body: 'order' }))).toBe('UND_ERR_SOCKET');
    expect((await curl(`http://127.0.0.1:${link.port}/`)).exit, 'empty reply from server').toBe(52);
    const raw = new Transcript(link.dial());
    raw.socket.write(get());
    expect(await raw.end()).toBe('');
    raw.socket.end();
    await untilEmpty(link);
    expect(server.heard).toHaveLength(heard);
    expect(link.exchanges.map(({ applied }) => applied)).toEqual(Array(3).fill(['emptyResponse']));
  });

  it('comes behind the answers that are due on the connection', async () => {
    await using server = await nodeServer((heard, response) => response.end(`answer to ${heard.url}`));
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'emptyResponse', match: { path: '/2' } })]);
    const raw = new Transcript(link.dial());
    raw.socket.write(get('/1') + get('/2') + get('/3'));
    const text = await raw.end();
    expect(text).toMatch(/answer to \/1$/);
    expect(text).not.toContain('/3');
  });
});
