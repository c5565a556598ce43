import { describe, expect, it } from 'vitest';
import { rstStream } from '../../../../src/dataplane/faults/http2/rst-stream.js';
import { GrpcCaller, grpcEcho } from '../../../support/grpc.js';
import { http2Callee, http2ProxyTo } from '../../../support/http2.js';
import { activeFault, until } from '../../../support/tcp.js';

describe('rstStream', () => {
  it('resets with INTERNAL_ERROR unless told otherwise, and knows codes by name', () => {
    expect(rstStream.schema.parse({})).toEqual({ code: 2 });
    expect(rstStream.schema.parse({ code: 'ENHANCE_YOUR_CALM' })).toEqual({ code: 11 });
    expect(rstStream.schema.parse({ code: 8 })).toEqual({ code: 8 });
    for (const code of ['calm', 14, -1, 0.5]) expect(rstStream.schema.safeParse({ code }).success).toBe(false);
  });

  it.each([
    ['NO_ERROR', 0],
    ['REFUSED_STREAM', 7],
    ['CANCEL', 8],
    ['HTTP_1_1_REQUIRED', 13],
  ])('up: the callee never hears of it, and the connection goes on: %s', async (code, number) => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    link.proxy.setFaults([activeFault({ type: 'rstStream', value: { code } })]);
    expect(await caller.ask({ ':path': '/cut' })).toMatchObject({ status: undefined, code: number });
    link.proxy.setFaults([]);
    expect(await caller.ask({ ':path': '/next' })).toMatchObject({ status: 200, code: 0 });
    expect(callee.requests.map(({ headers }) => headers[':path'])).toEqual(['/next']);
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges).toMatchObject([
      { path: '/cut', end: 'faultReset', resetCode: number, matched: ['rstStream'], applied: ['rstStream'] },
      { path: '/next', end: 'complete' },
    ]);
  });

  it('down: the callee has done its work, and the caller hears nothing of it', async () => {
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.end('done');
    });
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'rstStream', direction: 'down', value: { code: 'REFUSED_STREAM' } })]);
    expect(await link.dial().ask({ ':method': 'POST' }, 'order')).toMatchObject({ status: undefined, code: 7 });
    expect(callee.requests).toMatchObject([{ body: 'order' }]);
    expect(link.exchanges).toMatchObject([{ end: 'faultReset', resetCode: 7 }]);
  });

  it('is what a gRPC client makes of the code', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    const seen: number[] = [];
    for (const code of ['REFUSED_STREAM', 'CANCEL', 'ENHANCE_YOUR_CALM', 'INTERNAL_ERROR']) {
      link.proxy.setFaults([activeFault({ type: 'rstStream', direction: 'down', value: { code } })]);
      seen.push((await caller.unary('hello')).code);
    }
    // UNAVAILABLE, CANCELLED, RESOURCE_EXHAUSTED, INTERNAL
    expect(seen).toEqual([14, 1, 8, 13]);
  });
});
