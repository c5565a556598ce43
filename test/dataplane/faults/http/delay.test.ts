import { describe, expect, it } from 'vitest';
import { delay } from '../../../../src/dataplane/faults/http/delay.js';
import type { Exchange } from '../../../../src/journal/observations.js';
import { countingUpstream, get, httpProxyTo, rawUpstream, Transcript } from '../../../support/http.js';
import { activeFault, until, untilEmpty, wait } from '../../../support/tcp.js';

const tookMs = (exchange: Exchange | undefined): number => (exchange?.endMs ?? 0) - (exchange?.startMs ?? 0);
const slow = (value: unknown, more: object = {}) => activeFault({ type: 'delay', value, ...more });

describe('delay', () => {
  it('draws its jitter evenly to both sides and never goes below zero', () => {
    const decide = (value: unknown, drawn: number) => delay.decide(delay.schema.parse(value), { random: () => drawn } as never);
    expect(decide({ delay: '100ms' }, 0.9)).toEqual({ kind: 'delay', delayMs: 100 });
    expect(decide({ delay: '100ms', jitter: '20ms' }, 0)).toEqual({ kind: 'delay', delayMs: 80 });
    expect(decide({ delay: '100ms', jitter: '20ms' }, 0.75)).toEqual({ kind: 'delay', delayMs: 110 });
    expect(decide({ delay: '10ms', jitter: '20ms' }, 0)).toEqual({ kind: 'delay', delayMs: 0 });
  });

  it('draws from other distributions too', () => {
    const decide = (distribution: string, drawn: number) =>
      delay.decide(delay.schema.parse({ delay: '100ms', jitter: '20ms', distribution }), { random: () => drawn } as never);
    expect(decide('normal', 0.5)).toEqual({ kind: 'delay', delayMs: expect.closeTo(100, 1) });
    expect(decide('lognormal', 0.5)).toEqual({ kind: 'delay', delayMs: expect.closeTo(98, 0) });
    expect(decide('pareto', 0)).toEqual({ kind: 'delay', delayMs: expect.closeTo(83.6, 1) });
  });

  it('is never longer than its maximum', () => {
    const value = delay.schema.parse({ delay: '100ms', jitter: '100ms', distribution: 'pareto', max: '300ms' });
    const drawn = [0, 0.5, 0.999_999].map((u) => (delay.decide(value, { random: () => u } as never) as { delayMs: number }).delayMs);
    expect(drawn[0]).toBeLessThan(drawn[1] as number);
    expect(drawn[2]).toBe(300);
  });

  it.each([
    {},
    { delay: '1s', max: 5 },
    { delay: '1s', jitter: '1ms', distribution: 'cauchy' },
    { delay: 100 },
    { delay: '-1ms' },
    { delay: '25h' },
    { delay: 'Infinityms' },
    { delay: '1s', jitter: 1 },
    { delay: '1s', wait: '1s' },
  ])('refuses %j', (value) => {
    expect(delay.schema.safeParse(value).success).toBe(false);
  });

  it('holds a request for so long before the callee gets it, and never less', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/0'));
    await caller.includes('answer 1');
    link.proxy.setFaults([slow({ delay: '80ms' })]);
    for (let i = 2; i < 8; i++) {
      caller.socket.write(get(`/${i}`));
      await wait(20);
      expect(upstream.received()).not.toContain(`/${i}`);
      await caller.includes(`answer ${i}`);
    }
    expect(link.exchanges[0]).not.toHaveProperty('matched');
    for (const exchange of link.exchanges.slice(1)) expect(tookMs(exchange)).toBeGreaterThanOrEqual(80);
    expect(link.exchanges[1]).toMatchObject({ matched: ['delay'], applied: ['delay'] });
  });

  it('holds what follows on the connection too, and keeps the order', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([slow({ delay: '60ms' }, { match: { path: '/slow' } })]);
    const caller = new Transcript(link.dial());
    const body = 'POST /slow HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\nbody';
    caller.socket.write(get('/1') + body + get('/2'));
    await wait(20);
    caller.socket.write(get('/3'));
    await caller.includes('answer 1');
    expect(upstream.received()).toBe(get('/1'));
    await until('the rest is through', () => upstream.received() === get('/1') + body + get('/2') + get('/3'));
  });

  it('holds a response for so long before the caller gets it', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([slow({ delay: '80ms' }, { direction: 'down' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2'));
    await until('the callee has both', () => upstream.received() === get('/1') + get('/2'));
    expect(caller.text).toBe('');
    await caller.includes('answer 2');
    const [first, second] = link.exchanges;
    expect((first?.responseStartMs ?? 0) - (first?.startMs ?? 0)).toBeGreaterThanOrEqual(80);
    expect((second?.endMs ?? 0) - (first?.endMs ?? 0)).toBeGreaterThanOrEqual(80);
  });

  it('lets a response that ends with the connection end after its delay', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it')));
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([slow({ delay: '60ms' }, { direction: 'down' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    expect(await caller.end()).toBe('HTTP/1.0 200 OK\r\n\r\nall of it');
    expect(link.exchanges).toMatchObject([{ end: 'complete', status: 200 }]);
    expect(tookMs(link.exchanges[0])).toBeGreaterThanOrEqual(60);
  });

  it('adds up with others, and lets go at once when it is removed', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const [short, long] = [slow({ delay: '50ms' }, { id: 'short' }), slow({ delay: '1h' }, { id: 'long' })];
    link.proxy.setFaults([short, long]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + get('/2'));
    await wait(80);
    expect(upstream.received()).toBe('');
    link.proxy.setFaults([short]);
    await caller.includes('answer 2');
    expect(upstream.received()).toBe(get('/1') + get('/2'));
    expect(link.exchanges.map((e) => e.applied)).toEqual([['short', 'long'], ['short']]);
    expect(tookMs(link.exchanges[1])).toBeGreaterThanOrEqual(50);
  });

  it('is the loser against an answer of ours, which does not wait', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([slow({ delay: '1h' }), activeFault({ type: 'abort' })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    await caller.includes('503');
    expect(link.exchanges).toMatchObject([{ matched: ['abort'], applied: ['abort'] }]);
  });

  it('ends with the caller: nothing is left of it', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([slow({ delay: '1h' })]);
    const caller = link.dial();
    caller.write(get());
    await wait(30);
    caller.resetAndDestroy();
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ end: 'clientReset', applied: ['delay'] }]);
    expect(upstream.accepted).toHaveLength(0);
  });

  it('still delivers what a caller sent that has given up since, as a slow network would', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([slow({ delay: '1s' })]);
    const caller = link.dial();
    caller.write(get('/late'));
    await wait(30);
    caller.destroy();
    await until('the callee has it', () => upstream.received() === get('/late'));
    await untilEmpty(link);
    expect(link.exchanges.map((e) => e.end)).toEqual(['clientClosed']);
    expect(tookMs(link.exchanges[0])).toBeLessThan(1_000);
  });
});
