import { describe, expect, it } from 'vitest';
import { lostTrailers } from '../../../../src/dataplane/faults/http2/lost-trailers.js';
import { GrpcCaller, grpcEcho } from '../../../support/grpc.js';
import { http2Callee, http2ProxyTo } from '../../../support/http2.js';
import { activeFault, until } from '../../../support/tcp.js';

describe('lostTrailers', () => {
  it('needs no word', () => {
    expect(lostTrailers.schema.parse({})).toEqual({});
    expect(lostTrailers.schema.safeParse({ ending: 'reset' }).success).toBe(false);
  });

  it('lets the body through and ends the stream in order', async () => {
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
      stream.end('all of it');
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    link.proxy.setFaults([activeFault({ type: 'lostTrailers' })]);
    expect(await caller.ask({})).toMatchObject({ body: 'all of it', trailers: undefined, code: 0 });
    link.proxy.setFaults([]);
    expect(await caller.ask({})).toMatchObject({ body: 'all of it', trailers: { 'x-sum': '1' } });
  });

  it('takes its status from a gRPC call: it came back whole, and nobody knows how it went', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'lostTrailers' })]);
    const { code } = await caller.unary('hello');
    expect(server.heard).toEqual(['hello']);
    // UNKNOWN or INTERNAL, depending on the version of the client.
    expect([2, 13]).toContain(code);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({ status: 200, end: 'complete' });
    expect(link.exchanges[0]).not.toHaveProperty('grpcStatus');
  });
});
