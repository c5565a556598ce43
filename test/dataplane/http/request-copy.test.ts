/** Requests that a fault sends more than once: what the callee gets, what is recorded, and what is left behind. */
import { describe, expect, it } from 'vitest';
import type { HttpDecision } from '../../../src/dataplane/faults/fault.js';
import { countingUpstream, get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { messageFault, streamEdit } from '../../support/http-fault.js';
import { activeFault, until, untilEmpty, wait } from '../../support/tcp.js';

const PUT = 'PUT /pay HTTP/1.1\r\nHost: b\r\nX-Request-Id: r-1\r\nContent-Length: 5\r\n\r\nhello';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const copying = (copies: number, delayMs = 0) =>
  messageFault('up', (): HttpDecision => ({ kind: 'duplicate', copies, delayMs }), { id: 'copies' });

/** Answers what it gets once it ends like this. */
const answeringAfter = (ending: string) =>
  rawUpstream((transcript) => {
    transcript.socket.on('data', () => transcript.text.endsWith(ending) && transcript.socket.write(OK));
    transcript.socket.on('end', () => transcript.socket.end());
  });

describe('a copied request', () => {
  it('reaches the callee on connections of its own, byte for byte, and is recorded as a copy', async () => {
    await using upstream = await answeringAfter('hello');
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([copying(2)]);
    const caller = new Transcript(link.dial());
    caller.socket.write(PUT);
    await caller.includes(OK);
    await until('all have been answered', () => link.exchanges.length === 3);
    expect(upstream.transcripts.map(({ text }) => text)).toEqual([PUT, PUT, PUT]);
    const original = link.exchanges.find(({ isCopy }) => !isCopy);
    expect(original).toMatchObject({ connection: 1, ordinal: 1, token: 'r-1', end: 'complete', applied: ['copies'] });
    const copies = link.exchanges.filter(({ isCopy }) => isCopy);
    expect(copies.map(({ connection }) => connection).toSorted((a, b) => a - b)).toEqual([2, 3]);
    for (const copy of copies)
      expect(copy).toMatchObject({
        ordinal: 1,
        method: 'PUT',
        path: '/pay',
        token: 'r-1',
        status: 200,
        end: 'complete',
        bytesUp: PUT.length,
        applied: ['copies'],
      });
    await wait(20);
    expect(caller.text).toBe(OK);
    await until('the copies are gone', () => link.proxy.stats().connections === 1);
    await until('at the callee too', () => upstream.accepted.filter(({ destroyed }) => destroyed).length === 2);
  });

  it('is the request as the callee got it, and leaves those around it alone', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const onlyTwo = messageFault(
      'up',
      ({ request }) => (request.target === '/2' ? { kind: 'duplicate', copies: 1, delayMs: 0 } : { kind: 'continue' }),
      { order: 2 },
    );
    link.proxy.setFaults([onlyTwo, messageFault('up', () => ({ kind: 'edit', head: { set: { 'x-a': 'b' } } }), { id: 'edit' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2') + get('/3'));
    await caller.includes('answer 3');
    await until('the copy has been answered', () => link.exchanges.length === 4);
    expect(upstream.transcripts[1]?.text).toBe(get('/2', { 'x-a': 'b' }));
  });

  it('is sent so long after the first, and not at all if the fault is gone by then', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([copying(1, 80)]);
    const caller = new Transcript(link.dial());
    const startMs = performance.now();
    caller.socket.write(get('/1'));
    await caller.includes('answer 1');
    await until('the copy is there', () => upstream.accepted.length === 2);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(80);
    link.proxy.setFaults([copying(1, 500)]);
    caller.socket.write(get('/2'));
    await caller.includes('answer 2');
    await until('the copy waits', () => link.proxy.stats().connections === 2);
    link.proxy.setFaults([]);
    await until('it does not wait any more', () => link.proxy.stats().connections === 1);
    expect(link.exchanges.filter(({ path }) => path === '/2')).toHaveLength(1);
  });

  it('meets the TCP faults of the link on its way', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const copies = copying(1, 30);
    link.proxy.setFaults([copies]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1'));
    await caller.includes('answer 1');
    const cut = activeFault({ type: 'blackhole', connections: 'all' });
    link.proxy.setFaults([copies, cut]);
    await wait(100);
    expect(upstream.accepted).toHaveLength(1);
    link.proxy.setFaults([copies]);
    await until('the copy has been answered', () => link.exchanges.length === 2);
    expect(link.exchanges[1]).toMatchObject({ isCopy: true, applied: ['copies', 'blackhole'] });
  });

  it('that cannot be made counts as skipped', async () => {
    await using upstream = await answeringAfter('hello');
    await using link = await httpProxyTo(upstream.port, { connectionsMax: 1 });
    for (const request of [
      `PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: ${2 ** 20}\r\n\r\n${'x'.repeat(2 ** 20 - 5)}hello`,
      'GET / HTTP/1.1\r\nHost: b\r\nConnection: upgrade\r\nUpgrade: hello\r\n\r\n',
      PUT,
    ]) {
      const fault = copying(1);
      link.proxy.setFaults([fault]);
      const caller = new Transcript(link.dial());
      caller.socket.write(request);
      await until('the callee has it', () => upstream.received().endsWith(request.slice(-20)));
      caller.socket.destroy();
      await untilEmpty(link);
      expect(fault.counts).toMatchObject({ matched: 1, applied: 0, skipped: 1 });
    }
  });

  it('that the callee resets is recorded so, and is nothing to the caller', async () => {
    await using upstream = await rawUpstream((transcript) => {
      const isFirst = upstream.transcripts.length === 1;
      transcript.socket.once('data', () => (isFirst ? transcript.socket.write(OK) : transcript.socket.resetAndDestroy()));
    });
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([copying(1)]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    await caller.includes(OK);
    await until('both are recorded', () => link.exchanges.length === 2);
    expect(link.exchanges.find(({ isCopy }) => isCopy)).toMatchObject({ end: 'upstreamReset' });
    expect(caller.hasEnded).toBe(false);
  });

  it('can be listed and killed, and ends with its proxy', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([copying(2)]);
    const caller = link.dial();
    caller.write(get());
    await until('all are there', () => upstream.received() === get().repeat(3));
    expect(link.proxy.connections({ after: 0, max: 10 }).map(({ connection, faults }) => [connection, faults])).toEqual([
      [1, []],
      [2, ['copies']],
      [3, ['copies']],
    ]);
    expect(link.proxy.kill(2)).toBe(true);
    await until('it is gone', () => link.proxy.stats().connections === 2);
    await link.proxy.close();
    expect(link.exchanges.map(({ end }) => end)).toEqual(['killed', 'proxyClosed', 'proxyClosed']);
  });

  it('with a body that is edited as a stream is copied as it went out', async () => {
    await using upstream = await answeringAfter('0\r\n\r\n');
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([
      messageFault('up', () => streamEdit('unknown')),
      messageFault('up', () => ({ kind: 'duplicate', copies: 1, delayMs: 0 }), { id: 'copies', order: 2 }),
    ]);
    const caller = new Transcript(link.dial());
    caller.socket.write(PUT);
    await caller.includes(OK);
    await until('both have been answered', () => link.exchanges.length === 2);
    expect(upstream.transcripts[1]?.text).toBe(upstream.transcripts[0]?.text);
    expect(upstream.transcripts[1]?.text).toContain('transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n');
  });
});
