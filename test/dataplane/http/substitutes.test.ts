/** Answers that faults put in the place of the callee's, or take away: bytes of their own, and answers that get lost. */
import { describe, expect, it } from 'vitest';
import type { HttpDecision } from '../../../src/dataplane/faults/fault.js';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { messageFault } from '../../support/http-fault.js';
import { closeCode, until, untilEmpty, wait } from '../../support/tcp.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const JUNK = Buffer.from('\u0000no answer\r\n\r\n', 'latin1');

/** Answers each GET. */
const answering = () =>
  rawUpstream((transcript) => {
    transcript.socket.on('data', (bytes: Buffer) => transcript.socket.write(OK.repeat(bytes.toString().split('GET').length - 1)));
    transcript.socket.on('end', () => transcript.socket.end());
  });

const on = (direction: 'up' | 'down', target: string, decision: HttpDecision) =>
  messageFault(direction, ({ request }) => (request.target === target ? decision : { kind: 'continue' }));

describe.each(['up', 'down'] as const)('bytes in place of an answer (%s)', (direction) => {
  it('come after the answers before them, and end the connection', async () => {
    await using upstream = await answering();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([on(direction, '/2', { kind: 'raw', bytes: JUNK, ending: 'close' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2') + get('/3'));
    expect(await caller.end()).toBe(OK + JUNK.toString('latin1'));
    expect(link.exchanges.slice(0, 2)).toMatchObject([
      { end: 'complete', status: 200 },
      { end: 'faultReset', bytesDown: JUNK.length, applied: ['test'] },
    ]);
    expect(link.exchanges[1]).not.toHaveProperty('status');
    expect(upstream.received().includes('/2')).toBe(direction === 'down');
    caller.socket.end();
    await untilEmpty(link);
  });

  it('reach the caller before the RST behind them', async () => {
    await using upstream = await answering();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([on(direction, '/', { kind: 'raw', bytes: JUNK, ending: 'reset' })]);
    const caller = new Transcript(link.dial());
    const code = closeCode(caller.socket);
    caller.socket.write(get());
    expect([await code, caller.text]).toEqual(['ECONNRESET', JUNK.toString('latin1')]);
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ end: 'faultReset' }]);
  });

  it('may be none at all', async () => {
    await using upstream = await answering();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([on(direction, '/', { kind: 'raw', bytes: Buffer.alloc(0), ending: 'close' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    expect(await caller.end()).toBe('');
    expect(link.exchanges).toMatchObject([{ end: 'faultReset', bytesDown: 0 }]);
    expect(link.exchanges[0]).not.toHaveProperty('responseStartMs');
  });

  it('do not wait for the end of a request', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.write(OK)));
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([on(direction, '/', { kind: 'raw', bytes: JUNK, ending: 'close' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write('PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: 100\r\n\r\nhalf');
    expect(await caller.end()).toBe(JUNK.toString('latin1'));
  });
});

describe('an answer that gets lost', () => {
  const lose = (ending: 'hang' | 'close' | 'reset') => [on('down', '/2', { kind: 'lose', ending })];

  it.each(['close', 'reset'] as const)('is followed by the %s of the caller’s connection; the callee has done its work', async (ending) => {
    await using upstream = await answering();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults(lose(ending));
    const caller = new Transcript(link.dial());
    const code = closeCode(caller.socket);
    caller.socket.once('end', () => caller.socket.end());
    caller.socket.write(get('/1'));
    await caller.includes(OK);
    caller.socket.write(get('/2'));
    expect([await code, caller.text]).toEqual([ending === 'reset' ? 'ECONNRESET' : undefined, OK]);
    expect(upstream.received()).toBe(get('/1') + get('/2'));
    await untilEmpty(link);
    expect(link.exchanges.map(({ end }) => end)).toEqual(['complete', 'faultReset']);
  });

  it('lets the caller wait until it gives up', async () => {
    await using upstream = await answering();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults(lose('hang'));
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2') + get('/3'));
    await caller.includes(OK);
    await wait(100);
    expect([caller.text, caller.hasEnded, link.exchanges.length]).toEqual([OK, false, 1]);
    caller.socket.resetAndDestroy();
    await untilEmpty(link);
    expect(link.exchanges.map(({ end }) => end)).toEqual(['complete', 'clientReset', 'clientReset']);
    expect(link.exchanges[1]).toMatchObject({ applied: ['test'], bytesDown: 0 });
    await until('the callee is let go', () => upstream.accepted.every(({ destroyed }) => destroyed));
  });

  it('lets the caller wait until the callee gives up, after a delay too', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.end(OK)));
    await using link = await httpProxyTo(upstream.port);
    const delay = messageFault('down', () => ({ kind: 'delay', delayMs: 30 }), { id: 'delay' });
    link.proxy.setFaults([delay, messageFault('down', () => ({ kind: 'lose', ending: 'hang' }), { order: 2 })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    expect(await caller.end()).toBe('');
    expect(link.exchanges).toMatchObject([{ end: 'upstreamClosed', applied: ['delay', 'test'] }]);
  });
});
