/** TCP faults of an HTTP/2 link stand between the relay and the callee, as on HTTP/1.1: they meet all streams of a connection at once. */
import { describe, expect, it } from 'vitest';
import { GrpcCaller, grpcEcho } from '../../support/grpc.js';
import { http2Callee, http2ProxyTo } from '../../support/http2.js';
import { activeFault, until, untilEmpty, wait } from '../../support/tcp.js';

describe('on an HTTP/2 link', () => {
  it('latency delays what is asked and what is answered, on live connections too', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    await caller.ask({});
    link.proxy.setFaults([activeFault({ type: 'latency', direction: 'both', value: { latency: '60ms' } })]);
    const startMs = performance.now();
    expect(await caller.ask({})).toMatchObject({ status: 200 });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(119);
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges[1]).toMatchObject({ matched: ['latency'], applied: ['latency'] });
    expect(link.exchanges[0]).not.toHaveProperty('matched');
    link.proxy.setFaults([]);
    expect(await caller.ask({})).toMatchObject({ status: 200 });
    expect(callee.sessions).toHaveLength(1);
  });

  it('blackhole holds all streams, and loses none when it is removed', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    await caller.unary('first');
    link.proxy.setFaults([activeFault({ type: 'blackhole' })]);
    const calls = Promise.all(['a', 'b', 'c'].map((message) => caller.unary(message)));
    await wait(100);
    expect(server.heard).toEqual(['first']);
    expect(link.proxy.stats().heldBytes).toBeGreaterThan(0);
    link.proxy.setFaults([]);
    expect(await calls).toMatchObject(['a', 'b', 'c'].map((message) => ({ code: 0, messages: [message] })));
  });

  it('reset cuts both sides, with everything that is open', async () => {
    await using callee = await http2Callee(() => {});
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const asked = [caller.ask({ ':path': '/1' }), caller.ask({ ':path': '/2' })];
    await until('the callee has both', () => callee.requests.length === 2);
    await wait(50);
    link.proxy.setFaults([activeFault({ type: 'reset' })]);
    await Promise.all(asked);
    await until('both sides are gone', () => caller.isClosed && callee.sockets[0]?.destroyed === true);
    expect(link.exchanges).toMatchObject(['/1', '/2'].map((path) => ({ path, end: 'faultReset', applied: ['reset'] })));
    expect(link.proxy.stats().connections).toBe(0);
  });

  it('refuse and slowOpen act when the first request dials', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'refuse' })]);
    await link.dial().ask({});
    expect(callee.sockets).toHaveLength(0);
    link.proxy.setFaults([activeFault({ type: 'slowOpen', value: { delay: '80ms' } })]);
    const startMs = performance.now();
    expect(await link.dial().ask({})).toMatchObject({ status: 200 });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(79);
  });

  it('limitData ends the connection in the middle of an answer', async () => {
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(100_000));
    });
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'limitData', direction: 'down', value: { bytes: '20KB' } })]);
    const caller = link.dial();
    const answer = await caller.ask({});
    expect(answer.body.length).toBeLessThan(20_000);
    await until('the caller is let go', () => caller.isClosed);
    expect(link.exchanges).toMatchObject([{ status: 200, end: 'upstreamClosed', applied: ['limitData'] }]);
    await untilEmpty(link);
  });

  it('bandwidth slows a large body without keeping it', async () => {
    const bodyBytes = 8 * 1024 * 1024;
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(bodyBytes, 'x'));
    });
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'bandwidth', direction: 'down', value: { rate: '1MB/s' } })]);
    const answered = link.dial().ask({});
    await wait(300);
    expect(link.proxy.stats().heldBytes).toBeLessThan(3 * 1024 * 1024);
    link.proxy.setFaults([]);
    expect((await answered).body).toHaveLength(bodyBytes);
  });

  it('corrupt turns frames into nonsense, which ends the connection', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'corrupt', direction: 'down', value: { rate: '20%' } })]);
    const caller = link.dial();
    await caller.ask({});
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(['malformedResponse', 'upstreamClosed', 'upstreamReset']).toContain(link.exchanges[0]?.end);
    await untilEmpty(link);
  });
});
