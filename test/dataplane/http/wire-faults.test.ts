import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { countingUpstream, get, httpProxyTo, Transcript } from '../../support/http.js';
import { activeFault, closeCode, until, untilEmpty } from '../../support/tcp.js';

/** A caller that hangs up when it is hung up on. */
function callerOn(socket: net.Socket): Transcript {
  socket.once('end', () => socket.end());
  return new Transcript(socket);
}

describe('a tcp fault on an http link', () => {
  it('that limits the data ends the connection in order, at both', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'limitData', direction: 'down', value: { bytes: '20B' } })]);
    const caller = callerOn(link.dial());
    caller.socket.write(get('/1'));
    expect(await closeCode(caller.socket)).toBeUndefined();
    expect(caller.text, 'half a head is not passed on').toBe('');
    await untilEmpty(link);
    expect(link.exchanges[0]).toMatchObject({ end: 'upstreamClosed', applied: ['limitData'] });
  });

  it('that stalls closes the connection when it is removed', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const stall = activeFault({ type: 'stall', direction: 'down' });
    link.proxy.setFaults([stall]);
    const caller = callerOn(link.dial());
    caller.socket.write(get('/1'));
    await until('the callee has answered', () => upstream.received().includes('/1'));
    const closed = closeCode(caller.socket);
    link.proxy.setFaults([]);
    expect(await closed).toBeUndefined();
    await untilEmpty(link);
  });

  it('that refuses cuts a new connection before the callee is dialled', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'refuse' })]);
    const caller = callerOn(link.dial());
    caller.socket.write(get('/1'));
    expect(await closeCode(caller.socket)).toBe('ECONNRESET');
    expect(upstream.received()).toBe('');
  });
});
