import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { throttle } from '../../../../src/dataplane/faults/http/throttle.js';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, wait } from '../../../support/tcp.js';

const BODY = 'x'.repeat(20_000);

describe('throttle', () => {
  it('is for each message unless told otherwise, and changes no length', () => {
    expect(throttle.schema.parse({ rate: '1KB/s' })).toEqual({ rate: 1_000, share: 'message' });
    expect(decider(throttle, { rate: '1KB/s' })()).toMatchObject({ kind: 'edit', body: { kind: 'stream', length: 'same' } });
  });

  it.each([{}, { rate: 1_000 }, { rate: '-1KB/s' }, { rate: '1KB' }, { rate: '1KB/s', share: 'all' }, { rate: '1KB/s', size: '1B' }])(
    'refuses %j',
    (value) => {
      expect(throttle.schema.safeParse(value).success).toBe(false);
    },
  );

  it('lets the body of an answer through no faster than its rate', async () => {
    await using server = await nodeServer((_heard, response) => response.end(BODY));
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'throttle', value: { rate: '50KB/s' } })]);
    await using caller = undiciCaller(link.port);
    const startMs = performance.now();
    expect((await caller.ask()).body).toBe(BODY);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(400);
    expect(link.exchanges).toMatchObject([{ status: 200, end: 'complete', applied: ['throttle'] }]);
  });

  it('lets the body of a request through no faster than its rate, in chunks too', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'throttle', direction: 'up', value: { rate: '100KB/s' } })]);
    await using caller = undiciCaller(link.port);
    for (const body of [BODY, Readable.from([BODY.slice(0, 9_000), BODY.slice(9_000)])]) {
      const startMs = performance.now();
      expect(JSON.parse((await caller.ask('/', { method: 'POST', body })).body)).toMatchObject({ body: BODY });
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(200);
    }
    expect(server.heard.map(({ headers }) => headers['content-length'] ?? headers['transfer-encoding'])).toEqual(['20000', 'chunked']);
  });

  it('shared by the proxy makes all answers take turns', async () => {
    await using server = await nodeServer((_heard, response) => response.end(BODY.slice(0, 10_000)));
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'throttle', value: { rate: '100KB/s', share: 'proxy' } })]);
    await using one = undiciCaller(link.port);
    await using other = undiciCaller(link.port);
    const startMs = performance.now();
    const answers = await Promise.all([one.ask(), other.ask()]);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(195);
    expect(answers.map(({ body }) => body.length)).toEqual([10_000, 10_000]);
  });

  it('lets the head through at once, holds the body for as long as it is on at 0B/s, and lets it go when it is removed', async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n`;
    await using server = await rawUpstream(({ socket }) => socket.on('data', () => socket.write(head + BODY)));
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'throttle', value: { rate: '0B/s' } })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    expect(await caller.includes('\r\n\r\n')).toBe(head);
    await wait(60);
    expect(caller.text).toBe(head);
    link.proxy.setFaults([]);
    expect(await caller.includes(BODY)).toBe(head + BODY);
    caller.socket.write(get());
    expect(await caller.length(2 * (head + BODY).length)).toBe((head + BODY).repeat(2));
  });
});
