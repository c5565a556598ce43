/** Callers that close their half of a connection and wait on, and those that are gone and look the same. */
import { describe, expect, it } from 'vitest';
import { Abandonment } from '../../../src/dataplane/http/abandonment.js';
import { VirtualClock } from '../../support/clock.js';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { activeFault, until, untilEmpty } from '../../support/tcp.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

describe('a caller that has half-closed', () => {
  it('gets an answer that takes longer than its exchange is waited for', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('end', () => setTimeout(() => socket.end(OK), 1_300)));
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.end(get());
    expect(await caller.end()).toBe(OK);
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ end: 'clientClosed' }]);
  });

  it('gets an answer that a fault keeps for long', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('end', () => socket.end(OK)));
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'delay', direction: 'down', value: { delay: '1200ms' } })]);
    const caller = new Transcript(link.dial());
    caller.socket.end(get());
    expect(await caller.end()).toBe(OK);
  });

  it('is cut when nothing has moved for as long as the link allows', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port, { halfClosedMsMax: 200 });
    const caller = new Transcript(link.dial());
    caller.socket.end(get());
    await until('the callee has it', () => upstream.received() === get());
    await untilEmpty(link);
    expect([caller.text, upstream.received()]).toEqual(['', get()]);
    expect(link.exchanges).toMatchObject([{ end: 'clientClosed' }]);
  });

  it('is cut whatever the loop is busy with, and so are a hundred others', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port, { halfClosedMsMax: 50 });
    const callers = Array.from({ length: 100 }, () => new Transcript(link.dial()));
    for (const [n, { socket }] of callers.entries()) {
      await new Promise((resolve) => setTimeout(resolve, n % 3));
      socket.end(get(`/${n}`));
      // Timers, ends and completions that came meanwhile are all due at once.
      if (n % 10 === 0) stall(n % 20 === 0 ? 20 : 60);
    }
    await until('all are told of', () => link.exchanges.length === callers.length);
    await untilEmpty(link);
    expect(new Set(link.exchanges.map(({ path }) => path)).size).toBe(callers.length);
  });
});

/** Keeps this process, callers and link and callee alike, from doing anything else. */
function stall(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('the watch over it', () => {
  function watched(isHolding: () => boolean) {
    const clock = new VirtualClock();
    const told: string[] = [];
    let servedBytes = 0;
    const startMs = clock.nowMs();
    const abandonment = new Abandonment(clock, 5_000, {
      servedBytes: () => servedBytes,
      tell: () => {
        told.push(`told at ${clock.nowMs() - startMs}`);
        return isHolding();
      },
      giveUp: () => told.push(`gave up at ${clock.nowMs() - startMs}`),
    });
    return {
      clock,
      told,
      abandonment,
      serve: () => {
        servedBytes += 1;
      },
    };
  }

  it('tells of its exchanges soon, and gives up late', () => {
    const { clock, told, abandonment } = watched(() => false);
    abandonment.watch();
    clock.advance(60_000);
    expect(told[0]).toBe('told at 1000');
    expect(told.at(-1)).toBe('gave up at 5000');
    expect(clock.pending).toBe(0);
  });

  it('begins again with every byte that is served, and as long as a fault holds something', () => {
    let isHolding = true;
    const { clock, told, abandonment, serve } = watched(() => isHolding);
    abandonment.watch();
    clock.advance(900);
    serve();
    clock.advance(20_000);
    expect(told.some((event) => event.startsWith('gave up'))).toBe(false);
    isHolding = false;
    clock.advance(5_999);
    expect(told.at(-1)).toMatch(/^gave up/);
  });

  it('ends when it is cancelled', () => {
    const { clock, told, abandonment } = watched(() => false);
    abandonment.watch();
    abandonment.cancel();
    clock.advance(60_000);
    expect([told, clock.pending]).toEqual([[], 0]);
  });
});
