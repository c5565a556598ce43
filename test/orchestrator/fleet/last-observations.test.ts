import { describe, expect, it } from 'vitest';
import { lastObservations, missingOf } from '../../../src/orchestrator/fleet/last-observations.js';
import type { StreamState } from '../../../src/orchestrator/fleet/observation-intake.js';
import type { Member } from '../../../src/orchestrator/fleet/roster.js';
import { VirtualClock } from '../../support/clock.js';

const WITHIN_MS = 60_000;

function fleetOf(given: Readonly<Record<string, Partial<Member>>>) {
  const clock = new VirtualClock();
  const members = Object.entries(given).map(([name, more]) => ({ name, process: 'alive', lost: undefined, ...more }) as Member);
  const streams: StreamState[] = [];
  const end = (agent: string): void => void streams.push({ agent, stream: 's', taken: 1, lost: 0, hasEnded: true, heardMs: clock.nowMs() });
  const refused = new Set<string>();
  const fromMs = clock.nowMs();
  let ended: { missing: readonly string[]; tookMs: number } | undefined;
  const isRefused = async ({ name }: Member) => refused.has(name);
  const wait = lastObservations({ clock, roster: { members }, intake: { streams: () => streams }, withinMs: WITHIN_MS, isRefused });
  void wait.then((missing) => {
    ended = { missing: missing.map(({ name }) => name), tookMs: clock.nowMs() - fromMs };
  });
  /** Passes time until the wait is over. */
  const waited = async (stepsMax = 1_000) => {
    for (let i = 0; ended === undefined && i < stepsMax; i++) {
      for (let n = 0; n < 10; n++) await Promise.resolve();
      clock.advance(100);
    }
    return ended;
  };
  return { clock, end, refused, waited };
}

const lostAt = (atMs: number) => ({ lost: { reason: 'its registration is gone', atMs }, process: 'away' }) as const;

describe('what was observed and has not come when a run ends', () => {
  it('is waited for as long as the plan says, and no longer than until it is there', async () => {
    const { end, waited } = fleetOf({ a: {}, b: {} });
    end('a');
    expect(await waited(200), 'twenty seconds').toBeUndefined();
    end('b');
    expect(await waited()).toMatchObject({ missing: [] });
    const never = fleetOf({ a: {}, b: {} });
    never.end('a');
    expect(await never.waited()).toEqual({ missing: ['b'], tookMs: WITHIN_MS });
  });

  it('is not waited for from an agent whose process is gone: started anew, or nobody there any more behind its links', async () => {
    const anew = fleetOf({ a: { ...lostAt(0), process: 'dead' } });
    expect((await anew.waited())?.tookMs).toBeLessThanOrEqual(2_100);
    const killed = fleetOf({ a: lostAt(0) });
    killed.refused.add('a');
    const end = await killed.waited();
    expect(end?.missing).toEqual(['a']);
    expect(end?.tookMs).toBeLessThanOrEqual(2_100);
  });

  it('is waited for from an agent that is only cut off, so that it can come back with all that it kept', async () => {
    const { end, waited, clock } = fleetOf({ a: lostAt(new VirtualClock().nowMs()) });
    expect(await waited(400), 'forty seconds').toBeUndefined();
    end('a');
    expect(await waited()).toMatchObject({ missing: [] });
    const long = fleetOf({ a: lostAt(clock.nowMs() - 100 * WITHIN_MS) });
    expect((await long.waited())?.tookMs, 'its time was over long before').toBeLessThanOrEqual(2_100);
  });

  it('is told: whose it is, whether it may come back, and since when nothing is known', () => {
    const streams = () => [{ agent: 'a', stream: 's', taken: 3, lost: 0, hasEnded: false, heardMs: 4_500 }];
    const member = { name: 'a', process: 'dead', lost: { reason: '', atMs: 10_000 } } as Member;
    expect(missingOf(member, { streams })).toBe(
      'not all that was observed has come from a, which is gone for good: what it observed since it last sent something is not known, and that was 5.5 s before it was lost',
    );
    expect(missingOf({ ...member, name: 'b', lost: undefined, process: 'alive' }, { streams })).toBe(
      'not all that was observed has come from b: nothing of what it observed is known',
    );
  });
});
