import { describe, expect, it } from 'vitest';
import { goaway } from '../../../../src/dataplane/faults/http2/goaway.js';
import { GrpcCaller, grpcEcho } from '../../../support/grpc.js';
import { http2Callee, http2ProxyTo } from '../../../support/http2.js';
import { activeFault, until } from '../../../support/tcp.js';

describe('goaway', () => {
  it('says NO_ERROR and lets the request go on unless told otherwise', () => {
    expect(goaway.schema.parse({})).toEqual({ code: 0, lastStream: 'this', debugData: '' });
    expect(goaway.schema.safeParse({ debugData: 'x'.repeat(257) }).success).toBe(false);
    expect(goaway.schema.safeParse({ lastStream: 'next' }).success).toBe(false);
  });

  it('lets what is open end, and nothing new begin', async () => {
    await using callee = await http2Callee(({ stream, headers }) => {
      if (headers[':path'] === '/open') stream.on('end', () => stream.respond({ ':status': 204 }, { endStream: true }));
      else stream.respond({ ':status': 200 }, { endStream: true });
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    const open = caller.open({ ':method': 'POST', ':path': '/open' });
    await until('the callee has it', () => callee.requests.length === 1);
    link.proxy.setFaults([activeFault({ type: 'goaway', value: { debugData: 'moving' } })]);
    expect(await caller.ask({ ':path': '/last' })).toMatchObject({ status: 200, code: 0 });
    expect(caller.goaways[0]).toEqual({ code: 0, lastStreamId: 3, debugData: 'moving' });
    expect(() => caller.open({ ':path': '/new' })).toThrow(/GOAWAY/);
    open.end();
    await until('the caller leaves', () => caller.isClosed);
    await until('all are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges).toMatchObject([
      { path: '/last', status: 200, end: 'complete', applied: ['goaway'] },
      { path: '/open', status: 204, end: 'complete' },
    ]);
    expect(link.proxy.stats().connections).toBe(0);
  });

  it.each([
    ['before', 0],
    ['none', 0],
  ] as const)('tells the caller that a request was not heard, and keeps it from the callee: %s', async (lastStream, lastStreamId) => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'goaway', value: { lastStream } })]);
    const caller = link.dial();
    expect(await caller.ask({})).toMatchObject({ status: undefined, code: 7 });
    expect(caller.goaways[0]).toMatchObject({ code: 0, lastStreamId });
    expect(callee.requests).toHaveLength(0);
    expect(link.exchanges).toMatchObject([{ end: 'faultReset', resetCode: 7, applied: ['goaway'] }]);
  });

  it('sends a gRPC client to another connection, where the next call is answered', async () => {
    await using server = await grpcEcho();
    await using link = await http2ProxyTo(server.port);
    using caller = new GrpcCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'goaway' })]);
    expect(await caller.unary('one')).toMatchObject({ code: 0 });
    link.proxy.setFaults([]);
    expect(await caller.unary('two')).toMatchObject({ code: 0 });
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});
