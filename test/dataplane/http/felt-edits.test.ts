/** What an edit does to a body is known when the body is over: a fault that came to nothing is counted as skipped, and not as one that was met. */
import type http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import { httpProxyTo } from '../../support/http.js';
import { nodeServer, undiciCaller } from '../../support/http-peers.js';
import { http2Callee, http2ProxyTo } from '../../support/http2.js';
import { activeFault, until } from '../../support/tcp.js';

const chunked = (_heard: unknown, response: http.ServerResponse): void => {
  response.write('0123');
  response.end('4567');
};
const IMPOSSIBLE = { matched: 1, applied: 0, skipped: 1 };
const DONE = { matched: 1, applied: 1, skipped: 0 };

const CASES = [
  { type: 'truncate', value: { after: '4B', length: 'wrong' }, counts: DONE },
  { type: 'truncate', value: { after: '9B', length: 'wrong' }, counts: IMPOSSIBLE },
  { type: 'truncate', value: { after: '9B', length: 'right' }, counts: IMPOSSIBLE },
  { type: 'truncate', value: { share: '50%', length: 'right' }, counts: DONE },
  { type: 'corruptBody', value: { what: 'bits', rate: '100%' }, counts: DONE },
  { type: 'corruptBody', value: { what: 'bits', rate: '0.000001%' }, counts: IMPOSSIBLE },
  { type: 'corruptBody', value: { what: 'bits', rate: '100%', afterBytes: '8B' }, counts: IMPOSSIBLE },
];

/** What the exchange tells of a fault that did something, or that did not. */
const told = (fault: ActiveFault): object =>
  fault.counts.applied > 0 ? { applied: [fault.id] } : { skipped: [{ fault: fault.id, why: 'impossible' }] };

describe('a fault on bodies', () => {
  it.each(CASES)('is counted by what came of it on HTTP/1.1: $type $value', async ({ counts, ...given }) => {
    await using server = await nodeServer(chunked);
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const fault = activeFault(given);
    link.proxy.setFaults([fault]);
    await caller.ask().catch(() => {});
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(fault.counts).toMatchObject(counts);
    expect(link.exchanges[0]).toMatchObject({ matched: [fault.id], ...told(fault) });
  });

  it.each([
    ['neither way', { what: 'bits', rate: '100%', afterBytes: '64B' }, { matched: 2, applied: 0, skipped: 2 }],
    ['one way', { what: 'bits', rate: '100%', afterBytes: '10B' }, { matched: 2, applied: 1, skipped: 1 }],
    ['both ways', { what: 'bits', rate: '100%' }, { matched: 2, applied: 2, skipped: 0 }],
  ])('on both ways that did something %s is counted for each', async (_what, value, counts) => {
    await using server = await nodeServer(chunked);
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const fault = activeFault({ type: 'corruptBody', value, direction: 'both' });
    link.proxy.setFaults([fault]);
    await caller.ask('/', { method: 'POST', body: '01234567890123' }).catch(() => {});
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(fault.counts).toMatchObject(counts);
    expect(link.exchanges[0]).toMatchObject({ matched: [fault.id], ...told(fault) });
  });

  it.each([
    ...CASES,
    { type: 'lostTrailers', value: {}, counts: IMPOSSIBLE },
    { type: 'lostTrailers', value: {}, trailers: { 'x-sum': '1' }, counts: DONE },
  ])('and on HTTP/2: $type $value', async ({ counts, ...given }) => {
    const { trailers, ...fault } = { trailers: undefined, ...given };
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: trailers !== undefined });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers ?? {}));
      stream.write('0123');
      stream.end('4567');
    });
    await using link = await http2ProxyTo(callee.port);
    const on = activeFault(fault);
    link.proxy.setFaults([on]);
    await link.dial().ask({});
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(on.counts).toMatchObject(counts);
    expect(link.exchanges[0]).toMatchObject({ matched: [on.id], ...told(on) });
  });
});
