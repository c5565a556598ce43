import { describe, expect, it } from 'vitest';
import { drip } from '../../../../src/dataplane/faults/http/drip.js';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { curl, nodeServer } from '../../../support/http-peers.js';
import { activeFault, until, untilEmpty } from '../../../support/tcp.js';

describe('drip', () => {
  it('is a byte at a time unless told otherwise, and changes no length', () => {
    expect(drip.schema.parse({ interval: '1s' })).toEqual({ size: 1, interval: 1_000 });
    expect(decider(drip, { interval: '1s' })()).toMatchObject({ kind: 'edit', body: { kind: 'stream', length: 'same' } });
  });

  it.each([{}, { interval: 5 }, { interval: '0ms' }, { interval: '1s', size: '0B' }, { interval: '1s', size: 1 }, { size: '1B' }])(
    'refuses %j',
    (value) => {
      expect(drip.schema.safeParse(value).success).toBe(false);
    },
  );

  it('lets so many bytes through, each time as a write of its own, and never sooner than the interval', async () => {
    await using server = await rawUpstream(({ socket }) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789')),
    );
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'drip', value: { size: '2B', interval: '40ms' } })]);
    const caller = new Transcript(link.dial());
    const reads: { bytes: number; atMs: number }[] = [];
    caller.socket.on('data', ({ length }: Buffer) => reads.push({ bytes: length, atMs: performance.now() }));
    caller.socket.write(get());
    await caller.includes('0123456789');
    const [first, last] = [reads[0]?.atMs ?? 0, reads.at(-1)?.atMs ?? 0];
    expect(last - first).toBeGreaterThanOrEqual(100);
    expect(Math.max(...reads.slice(1).map(({ bytes }) => bytes))).toBeLessThan(10);
  });

  it('in chunks, never lets a client that limits the whole of a request wait for ever', async () => {
    await using server = await nodeServer((_heard, response) => {
      response.write('a'.repeat(50));
      response.end('b'.repeat(50));
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'drip', value: { size: '1B', interval: '50ms' } })]);
    const { exit, stdout } = await curl('--max-time', '0.5', `http://127.0.0.1:${link.port}/`);
    expect(exit, 'curl gives up').toBe(28);
    expect(stdout.length).toBeLessThan(50);
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ end: 'clientClosed', applied: ['drip'] }]);
  });

  it('lets a request drip in, and the next message of the connection go at once', async () => {
    await using server = await rawUpstream();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([
      activeFault({ type: 'drip', direction: 'up', value: { size: '1B', interval: '20ms' }, match: { method: 'POST' } }),
    ]);
    const caller = new Transcript(link.dial());
    const post = 'POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\n12345';
    const startMs = performance.now();
    caller.socket.write(post + get('/next'));
    await until('the callee has both', () => server.received() === post + get('/next'));
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(80);
  });
});
