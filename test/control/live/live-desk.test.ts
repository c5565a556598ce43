import { describe, expect, it } from 'vitest';
import type { LiveMessages, RunNews, RunStarted } from '../../../src/control/live/contract.js';
import { LiveDesk } from '../../../src/control/live/live-desk.js';
import { RunFeed } from '../../../src/control/live/run-feed.js';
import { ObservationFollower } from '../../../src/control/observation-follower.js';
import { PeopleDesk } from '../../../src/control/people-desk.js';
import { Daemon } from '../../../src/dataplane/daemon.js';
import { injectSchema } from '../../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { emptySecond } from '../../../src/journal/second-tally.js';
import { VirtualClock } from '../../support/clock.js';
import { exchange } from '../../support/histories.js';

type Message = { [E in keyof LiveMessages]: { event: E; data: LiveMessages[E] } }[keyof LiveMessages];

/** A desk in virtual time; the daemon has no listener open. */
async function opened() {
  const clock = new VirtualClock({ startMs: 100_000 });
  const daemon = new Daemon({ clock, environment: 'test' });
  await daemon.createProxy(
    proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: '127.0.0.1:9', enabled: false, record: true }),
  );
  const feed = new RunFeed();
  const desk = new LiveDesk({
    daemon,
    feed,
    version: '1',
    boot: 'first',
    people: new PeopleDesk(daemon),
    follower: new ObservationFollower(daemon),
  });
  const see = (endMs: number): void => {
    daemon.observations.push({ kind: 'exchange', ...exchange({ from: 'a', to: 'b', startMs: endMs - 5, endMs, status: 503 }) });
  };
  const inject = (): void => {
    const { epoch } = daemon.claim('r');
    const faults = [{ id: 'f', type: 'abort', proxies: ['a->b'], value: { status: 503 }, lease: '30s' }];
    daemon.inject(injectSchema.parse({ run: 'r', epoch, faults }));
  };
  return { clock, daemon, desk, feed, see, inject };
}

/** All that the stream tells after a number, by now. */
async function told(desk: LiveDesk, after: number, boot = 'first'): Promise<Message[]> {
  const reader = desk.stream({ boot, after }).getReader();
  const messages: Message[] = [];
  const newest = desk.snapshot().seq;
  for (let last = after; last < newest || messages.length === 0; ) {
    const { value, done } = await reader.read();
    if (done) break;
    for (const block of Buffer.from(value).toString().split('\n\n').filter(Boolean)) {
      const [, event = '', data = ''] = /event: (\w+)\ndata: (.*)/.exec(block) ?? [];
      messages.push({ event, data: JSON.parse(data) } as Message);
      last += 1;
    }
  }
  await reader.cancel();
  return messages;
}

const of = <E extends keyof LiveMessages>(messages: readonly Message[], event: E): LiveMessages[E][] =>
  messages.filter((message) => message.event === event).map(({ data }) => data as LiveMessages[E]);

describe('what a page is told', () => {
  it('has every second in it, whatever happens, with the requests that ended in it', async () => {
    const { clock, desk, see } = await opened();
    const { seq } = desk.snapshot();
    clock.advance(500);
    see(100_450);
    clock.advance(3_000);
    const seconds = of(await told(desk, seq), 'second');
    expect(seconds).toHaveLength(4);
    expect(seconds.flatMap((second) => second.seconds)).toMatchObject([
      { link: 'a->b', second: 100, requests: 1, errors: 1, answers5xx: 1 },
    ]);
    expect(desk.snapshot().history).toMatchObject([{ link: 'a->b' }]);
    const { fromSecond, columns } = desk.history('a->b', 99);
    expect(columns.errors[100 - fromSecond]).toBe(1);
    expect(() => desk.history('nobody')).toThrow(expect.objectContaining({ code: 'LINK_UNKNOWN' }));
  });

  it('says what changed of faults and proxies, and that once', async () => {
    const { clock, daemon, desk, inject } = await opened();
    const { seq, faults } = desk.snapshot();
    expect(faults).toEqual([]);
    inject();
    clock.advance(2_000);
    daemon.heal({ run: 'r' });
    clock.advance(2_000);
    const messages = await told(desk, seq);
    expect(of(messages, 'fault')).toMatchObject([
      { fault: 'f', type: 'abort', proxies: ['a->b'], toMs: null },
      { fault: 'f', how: 'healed' },
    ]);
    expect(of(messages, 'state').map((state) => [state.claimedBy, state.faults.length])).toEqual([
      ['r', 1],
      ['r', 0],
    ]);
    expect(desk.snapshot().faultWindows).toMatchObject([{ fault: 'f', how: 'healed' }]);
  });

  it('is one whole with the snapshot: who asks for what comes after it misses nothing and hears nothing again', async () => {
    const { clock, desk, inject } = await opened();
    inject();
    const { seq, faults, faultWindows } = desk.snapshot();
    expect([faults.length, faultWindows.length]).toEqual([1, 1]);
    clock.advance(1_000);
    expect((await told(desk, seq)).map(({ event }) => event)).toEqual(['second']);
  });

  it('comes from the run, too: its plan, its events and its load', async () => {
    const { clock, daemon, desk, feed } = await opened();
    daemon.claim('r');
    const { seq } = desk.snapshot();
    const plan = { services: [{ name: 'b', instances: ['b'], probePaths: ['/health'] }] };
    const started = { n: 1, atMs: 1, type: 'runStarted', run: 'r', plan } as unknown as RunStarted;
    const phase = { n: 2, atMs: 2, type: 'phaseStarted', phase: 'method' } as const;
    const news: RunNews = {
      epoch: 9,
      events: [started, phase],
      seconds: [{ ...emptySecond('load->a', 99), requests: 7 }],
      faultChanges: [],
      fleet: null,
      verdicts: null,
      lost: 0,
    };
    feed.take({ run: 'r', ...news }, { claimedBy: 'r' });
    daemon.observations.push({
      kind: 'exchange',
      ...exchange({ from: 'a', to: 'b', startMs: 100_001, endMs: 100_002, path: '/health?x' }),
    });
    clock.advance(2_000);
    const messages = await told(desk, seq);
    expect(of(messages, 'run')).toMatchObject([{ run: 'r', started: { plan } }]);
    expect(of(messages, 'journal')).toMatchObject([{ type: 'phaseStarted' }]);
    expect(of(messages, 'second').flatMap(({ seconds }) => seconds)).toMatchObject([{ link: 'load->a', requests: 7 }]);
    expect(desk.snapshot()).toMatchObject({ run: { phase: 'method' }, events: [{ n: 2 }] });
  });

  it('ends with a gap for who knows another life of the daemon', async () => {
    const { desk } = await opened();
    expect(await told(desk, 0, 'second')).toEqual([{ event: 'gap', data: { reason: 'restarted' } }]);
    expect(await told(desk, 1_000)).toEqual([{ event: 'gap', data: { reason: 'restarted' } }]);
  });

  it('ends with the daemon: no timer is left', async () => {
    const { clock, daemon, desk } = await opened();
    desk[Symbol.dispose]();
    await daemon[Symbol.asyncDispose]();
    expect(clock.pending).toBe(0);
  });
});
