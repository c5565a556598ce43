import { describe, expect, it } from 'vitest';
import type { LiveEvent, RunNews, RunStarted } from '../../../src/control/live/contract.js';
import { RunFeed } from '../../../src/control/live/run-feed.js';

const started = { n: 1, atMs: 0, type: 'runStarted', run: 'r', plan: { title: 't', services: [] } } as unknown as RunStarted;
const phase = (n: number, type: 'phaseStarted' | 'phaseEnded' = 'phaseStarted'): LiveEvent => ({ n, atMs: n, type, phase: 'method' });
const news = (given: Partial<RunNews> = {}): RunNews & { run: string } => ({
  run: 'r',
  epoch: 5,
  events: [started, phase(2)],
  seconds: [],
  faultChanges: [],
  fleet: null,
  verdicts: null,
  lost: 0,
  ...given,
});
const claimed = { claimedBy: 'r' };

function listened() {
  const feed = new RunFeed();
  const heard: string[] = [];
  feed.listen({
    onRun: ({ run }) => heard.push(`run ${run}`),
    onEvent: ({ n, type }) => heard.push(`${n} ${type}`),
    onVerdicts: () => heard.push('verdicts'),
    onSeconds: (seconds) => heard.push(`${seconds.length} seconds`),
  });
  return { feed, heard };
}

describe('what runs tell of themselves', () => {
  it('is heard in order and once, also when it is sent twice', () => {
    const { feed, heard } = listened();
    feed.take(news(), claimed);
    feed.take(news({ lost: 3 }), claimed);
    feed.take(news({ events: [phase(2), phase(3, 'phaseEnded')] }), claimed);
    expect(heard).toEqual(['run r', '2 phaseStarted', '3 phaseEnded']);
    expect(feed.run).toMatchObject({ run: 'r', phase: null, ended: null, eventsLost: 3, started: { plan: { title: 't' } } });
    expect(feed.events.map(({ n }) => n)).toEqual([2, 3]);
  });

  it('goes on when the run has let go of the daemon: its verdict comes last', () => {
    const { feed, heard } = listened();
    feed.take(news(), claimed);
    const ended = { n: 3, atMs: 3, type: 'runEnded', status: 'completed', steadyState: 'met', cleanup: 'confirmed' } as LiveEvent;
    feed.take(news({ events: [ended], verdicts: { atMs: 4, final: null, findings: [], lanes: [] } }), { claimedBy: null });
    expect(feed.run).toMatchObject({ ended: { status: 'completed' }, verdicts: { atMs: 4 } });
    expect(heard.at(-1)).toBe('verdicts');
  });

  it('is refused of who does not hold the daemon, of an older run, and without its beginning', () => {
    const { feed } = listened();
    expect(() => feed.take(news(), { claimedBy: 'other' })).toThrow(expect.objectContaining({ code: 'RUN_ACTIVE' }));
    expect(() => feed.take(news(), { claimedBy: null })).toThrow(expect.objectContaining({ code: 'CLAIM_LOST' }));
    expect(() => feed.take(news({ events: [phase(2)] }), claimed)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    feed.take(news(), claimed);
    expect(() => feed.take({ ...news({ epoch: 4 }), run: 'old' }, { claimedBy: 'old' })).toThrow(
      expect.objectContaining({ code: 'EPOCH_STALE' }),
    );
    expect(feed.run?.run).toBe('r');
  });

  it('is of the newest run alone', () => {
    const { feed } = listened();
    feed.take(news(), claimed);
    feed.take({ ...news({ epoch: 6, events: [{ ...started, run: 's' }] }), run: 's' }, { claimedBy: 's' });
    expect(feed.run).toMatchObject({ run: 's', phase: null });
    expect(feed.events).toEqual([]);
  });

  it('is kept up to 5,000 events', () => {
    const { feed } = listened();
    feed.take(news(), claimed);
    for (let n = 3; n < 10_003; n += 1_000) feed.take(news({ events: Array.from({ length: 1_000 }, (_, i) => phase(n + i)) }), claimed);
    expect(feed.events).toHaveLength(5_000);
    expect(feed.events.at(-1)?.n).toBe(10_002);
  });
});
