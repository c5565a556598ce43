import { describe, expect, it } from 'vitest';
import { GrpcCaller, grpcEcho } from '../../support/grpc.js';
import { http2ProxyTo } from '../../support/http2.js';
import { activeFault, closedPort, until } from '../../support/tcp.js';

describe('gRPC over a link', () => {
  it('carries all four kinds of calls', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    expect(await caller.unary('one')).toEqual({ code: 0, details: 'OK', messages: ['one'] });
    expect(await caller.answers('two')).toEqual({ code: 0, details: 'OK', messages: ['two 1', 'two 2', 'two 3'] });
    expect(await caller.asks(['a', 'b', 'c'])).toEqual({ code: 0, details: 'OK', messages: ['a,b,c'] });
    expect(await caller.chat(['x', 'y'])).toEqual({ code: 0, details: 'OK', messages: ['x', 'y'] });
    expect(server.heard).toEqual(['one', 'two', 'a', 'b', 'c', 'x', 'y']);
    await until('all are recorded', () => link.exchanges.length === 4);
    expect(link.exchanges).toMatchObject(
      ['Unary', 'Answers', 'Asks', 'Chat'].map((name) => ({ path: `/test.Echo/${name}`, status: 200, grpcStatus: 0, end: 'complete' })),
    );
  });

  it('carries the status and the words of a call that fails, and deadlines', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    expect(await caller.unary('fail:9')).toMatchObject({ code: 9, details: 'as asked' });
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({ status: 200, grpcStatus: 9, end: 'complete' });
    link.proxy.setFaults([activeFault({ type: 'delay', value: { delay: '1m' } })]);
    expect(await caller.unary('late', { deadlineMs: 100 })).toMatchObject({ code: 4 });
    await until('it is recorded', () => link.exchanges.length === 2);
    // grpc-js cancels what it does not wait for any more.
    expect(link.exchanges[1]).toMatchObject({ end: 'clientReset', resetCode: 8, matched: ['delay'], applied: ['delay'] });
    expect(server.heard).toEqual(['fail:9']);
  });

  it('tells a call that nobody is there', async () => {
    await using link = await http2ProxyTo(await closedPort());
    using caller = new GrpcCaller(link.port);
    expect(await caller.unary('hello')).toMatchObject({ code: 14, details: expect.stringContaining('cannot connect to 127.0.0.1:') });
  });

  it('1,000 calls at once come back whole', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    const messages = Array.from({ length: 1_000 }, (_, i) => `message ${i}`);
    const ends = await Promise.all(messages.map((message) => caller.unary(message, { deadlineMs: 30_000 })));
    expect(ends.map(({ messages: [answer] }) => answer)).toEqual(messages);
    await until('all are recorded', () => link.exchanges.length === 1_000);
    expect(new Set(link.exchanges.map(({ grpcStatus, end }) => `${grpcStatus} ${end}`))).toEqual(new Set(['0 complete']));
  });
});
