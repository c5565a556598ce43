import { describe, expect, it } from 'vitest';
import { statusFlip } from '../../../../src/dataplane/faults/http/status-flip.js';
import { httpProxyTo } from '../../../support/http.js';
import { answer, decider } from '../../../support/http-fault.js';
import { nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

describe('statusFlip', () => {
  it.each([{ success: 199 }, { success: 204 }, { failure: 304 }, { failure: 600 }, { success: '500' }, { to: 500 }])(
    'refuses %j',
    (value) => {
      expect(statusFlip.schema.safeParse(value).success).toBe(false);
    },
  );

  it('turns success into failure and failure into success', () => {
    const decide = decider(statusFlip);
    const flipped = (status: number) => (decide({ response: answer(status) }) as { head: { status: number } }).head.status;
    expect([200, 201, 204, 304, 399, 400, 404, 503].map(flipped)).toEqual([500, 500, 500, 500, 500, 200, 200, 200]);
  });

  it('leaves the answer to a request for a tunnel alone', () => {
    const connect = 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n';
    expect(decider(statusFlip)({ response: answer(101) })).toEqual({ kind: 'continue' });
    expect(decider(statusFlip)({ request: connect, response: answer() })).toEqual({ kind: 'continue' });
  });
});

describe('statusFlip on a link', () => {
  it('reports work that was done as failed, and failures as success, with all else as it was', async () => {
    await using server = await nodeServer(({ url }, response) => {
      response.statusCode = Number(url.slice(1));
      response.setHeader('x-real', url);
      response.end([204, 304].includes(response.statusCode) ? undefined : `body of ${url}`);
    });
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'statusFlip' })]);
    const flips = [
      [200, 500],
      [404, 200],
      [204, 500],
      [304, 500],
      [503, 200],
    ] as const;
    for (const [real, told] of flips) {
      const body = [204, 304].includes(real) ? '' : `body of /${real}`;
      expect(await caller.ask(`/${real}`)).toMatchObject({ status: told, headers: { 'x-real': `/${real}` }, body });
    }
    expect((await caller.ask('/200', { method: 'HEAD' })).status).toBe(500);
    expect(server.heard).toHaveLength(6);
    expect(new Set(link.exchanges.map(({ connection }) => connection)).size).toBe(1);
  });
});
