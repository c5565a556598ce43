/** What an exchange tells of its end, on real sockets: who it was, and by what; and of each fault that was on, why it did nothing. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { countingUpstream, get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { http2Callee, http2ProxyTo } from '../../support/http2.js';
import { activeFault, closedPort, until } from '../../support/tcp.js';

const UPGRADE = { Connection: 'Upgrade', Upgrade: 'chat' };
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n';

/** An upstream that does this when it has a request. */
const upstreamThat = (act: (transcript: Transcript) => void) =>
  rawUpstream((transcript) => {
    transcript.socket.once('data', () => act(transcript));
    transcript.socket.on('end', () => transcript.socket.end());
  });

async function endOf(link: { exchanges: readonly object[] }): Promise<object | undefined> {
  await until('the exchange is recorded', () => link.exchanges.length > 0);
  return link.exchanges[0];
}

describe('the end of an exchange over HTTP/1.1', () => {
  it('by a whole answer of the callee needs no note', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.dial().write(get());
    expect(Object.keys((await endOf(link)) ?? {})).not.toContain('endedBy');
  });

  it.each([
    ['a FIN', 'upstreamClosed', 'fin', (upstream: Transcript) => upstream.socket.end()],
    ['a RST', 'upstreamReset', 'rst', (upstream: Transcript) => upstream.socket.resetAndDestroy()],
  ])('by %s of the callee', async (_, end, endedHow, act) => {
    await using upstream = await upstreamThat(act);
    await using link = await httpProxyTo(upstream.port);
    link.dial().write(get());
    expect(await endOf(link)).toMatchObject({ end, endedBy: 'callee', endedHow });
  });

  it('by a RST or a FIN of the caller', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    const [cut, left] = [link.dial(), link.dial()];
    for (const caller of [cut, left]) caller.write(get());
    await until('the callee has both', () => upstream.received() === get() + get());
    cut.resetAndDestroy();
    left.end();
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges).toMatchObject([
      { end: 'clientReset', endedBy: 'caller', endedHow: 'rst' },
      { end: 'clientClosed', endedBy: 'caller', endedHow: 'fin' },
    ]);
  });

  it('by a dial that the callee refuses', async () => {
    await using link = await httpProxyTo(await closedPort());
    link.dial().write(get());
    expect(await endOf(link)).toMatchObject({ end: 'connectFailed', status: 502, endedBy: 'callee', endedHow: 'rst' });
  });

  it('by this link, which refuses what is no request', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.dial().write('GET / HTTP/1.1\r\nHost : b\r\n\r\n');
    expect(await endOf(link)).toMatchObject({ end: 'malformedRequest', endedBy: 'link', endedHow: 'answer' });
  });

  it.each([
    ['an answer', { type: 'abort', value: { status: 503 } }, { end: 'complete', endedHow: 'answer' }],
    ['a RST', { type: 'resetExchange' }, { end: 'faultReset', endedHow: 'rst' }],
    ['a FIN', { type: 'responseLoss', value: { ending: 'close' } }, { end: 'faultReset', endedHow: 'fin' }],
    ['a RST of the connection', { type: 'reset', value: { trigger: 'data' } }, { end: 'faultReset', endedHow: 'rst' }],
  ])('by %s of a fault', async (_, fault, told) => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault(fault)]);
    link.dial().write(get());
    expect(await endOf(link)).toMatchObject({ ...told, endedBy: 'fault' });
  });

  it.each(['callee', 'caller'] as const)('of a tunnel, by whoever closed it first: the %s', async (endedBy) => {
    await using upstream = await upstreamThat(({ socket }) => socket.write(SWITCH));
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/', UPGRADE));
    await caller.includes(SWITCH);
    caller.socket.once('end', () => caller.socket.end());
    const first = endedBy === 'callee' ? upstream.transcripts[0]?.socket : caller.socket;
    first?.end();
    await once(caller.socket, 'close');
    expect(await endOf(link)).toMatchObject({ end: 'tunnel', endedBy, endedHow: 'fin' });
  });
});

describe('the end of a stream over HTTP/2', () => {
  it('is a reset with a code, by the callee', async () => {
    await using callee = await http2Callee(({ stream }) => stream.close(8));
    await using link = await http2ProxyTo(callee.port);
    expect((await link.dial().ask({ ':path': '/' })).code).toBe(8);
    expect(await endOf(link)).toMatchObject({ end: 'upstreamReset', endedBy: 'callee', endedHow: 'streamReset', resetCode: 8 });
  });

  it('is a reset or an answer, by a fault', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    for (const fault of [{ type: 'rstStream' }, { type: 'abort', value: { status: 503 } }]) {
      link.proxy.setFaults([activeFault(fault)]);
      await caller.ask({ ':path': '/' });
    }
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges).toMatchObject([
      { end: 'faultReset', endedBy: 'fault', endedHow: 'streamReset', resetCode: 2 },
      { end: 'complete', endedBy: 'fault', endedHow: 'answer' },
    ]);
  });
});

describe('a fault that was on and did nothing says why', () => {
  const abort = { type: 'abort', value: { status: 503 } };
  const patch = { type: 'patch', direction: 'up', value: { headers: { a: 'b' } } } as const;

  it.each([
    ['its place is outside of the percentage', [{ ...abort, percentage: 0 }], [{ fault: 'abort', why: 'share' }]],
    ['it was not its turn', [{ ...abort, nth: 2 }], [{ fault: 'abort', why: 'count' }]],
    ['another took its place', [abort, { type: 'duplicate' }], undefined],
    [
      'its condition is on a body that cannot be read',
      [{ ...abort, match: { body: { '$.a': 'x' } } }],
      [{ fault: 'abort', why: 'unread' }],
    ],
  ])('%s', async (_, faults, skipped) => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults(faults.map((fault) => activeFault(fault)));
    link.dial().write('POST / HTTP/1.1\r\nHost: b\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n\r\n\r\n');
    const told = (await endOf(link)) as { skipped?: unknown };
    expect(told.skipped).toEqual(skipped);
  });

  it('there was no room', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'delay', maxActive: 1, value: { delay: '60ms' } })]);
    const callers = [1, 2].map(() => link.dial());
    for (const caller of callers) caller.write(get());
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges.map(({ applied, skipped }) => [applied, skipped])).toEqual([
      [undefined, [{ fault: 'delay', why: 'room' }]],
      [['delay'], undefined],
    ]);
  });

  it('it cannot be done to such a message', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', direction: 'up', value: { after: '1B' } })]);
    link.dial().write(get());
    expect(await endOf(link)).toMatchObject({ matched: ['truncate'], skipped: [{ fault: 'truncate', why: 'impossible' }] });
  });

  it('on the connection underneath, over HTTP/2 too', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'latency', percentage: 0, value: { latency: '1ms' } }), activeFault({ ...patch, nth: 9 })]);
    await link.dial().ask({ ':path': '/' });
    expect(await endOf(link)).toMatchObject({
      skipped: [
        { fault: 'latency', why: 'share' },
        { fault: 'patch', why: 'count' },
      ],
    });
  });
});
