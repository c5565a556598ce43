import { describe, expect, it } from 'vitest';
import { FaultDesk } from '../../src/agent/fault-desk.js';
import { LabError } from '../../src/core/errors.js';
import type { FaultSpec } from '../../src/dataplane/faults/spec.js';
import { abort } from '../support/agents.js';
import { VirtualClock } from '../support/clock.js';

function deskOf({ refuses }: { refuses?: string } = {}) {
  const clock = new VirtualClock();
  const done: string[] = [];
  const on = new Set<string>();
  const desk = new FaultDesk({
    clock,
    check: (spec) => {
      if (spec.id === refuses) throw new LabError('PROXY_PROTECTED', { proxy: 'p' });
    },
    faults: {
      inject: async (specs: readonly FaultSpec[]) => {
        for (const { id } of specs) {
          on.add(id);
          done.push(`inject ${id}`);
        }
      },
      heal: async (ids = [...on]) => {
        for (const id of ids) if (on.delete(id)) done.push(`heal ${id}`);
      },
      active: async () => [...on].map((id) => ({ id })),
      renew: async () => {},
    },
    onChanged: () => {},
    newsAfterMs: 0,
  });
  const order = (id: string, startAtMs: number | null = null) => ({ spec: abort(id, ['p']), startAtMs });
  const states = () => Object.fromEntries(Object.entries(desk.states).map(([id, { state }]) => [id, state]));
  return { clock, desk, done, on, order, states };
}
/** Lets promises that are settled be heard. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('the faults of a run on one host', () => {
  it('are made ready first, and put on at the instant that was ordered, not before', async () => {
    const { clock, desk, done, order, states } = deskOf();
    await desk.follow([order('f')]);
    expect(states()).toEqual({ f: 'armed' });
    const startAtMs = clock.nowMs() + 400;
    await desk.follow([order('f', startAtMs)]);
    clock.advance(399);
    expect(done).toEqual([]);
    clock.advance(1);
    await settled();
    expect([done, desk.states]).toEqual([['inject f'], { f: { state: 'on', atMs: startAtMs, lateMs: 0 } }]);
  });

  it('are put on once, whatever orders say again, also when they have ended by themselves', async () => {
    const { clock, desk, done, on, order, states } = deskOf();
    await desk.follow([order('f', clock.nowMs())]);
    clock.advance(0);
    await settled();
    on.delete('f');
    await desk.look();
    await desk.follow([order('f', clock.nowMs())]);
    clock.advance(1_000);
    expect([done, states()]).toEqual([['inject f'], { f: 'ended' }]);
  });

  it('end when orders name them no more, also those that are only ready', async () => {
    const { clock, desk, done, order, states } = deskOf();
    await desk.follow([order('f', clock.nowMs()), order('g', clock.nowMs() + 500)]);
    clock.advance(0);
    await settled();
    await desk.follow([]);
    clock.advance(1_000);
    expect([done, states()]).toEqual([['inject f', 'heal f'], { f: 'ended', g: 'ended' }]);
  });

  it('are put on no more after the run was let go of, whatever was on its way', async () => {
    const { clock, desk, done, order } = deskOf();
    await desk.follow([order('f', clock.nowMs() + 100)]);
    await desk.close();
    await desk.follow([order('g', clock.nowMs())]);
    clock.advance(1_000);
    expect(done).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('say why one cannot be, before any is put on', async () => {
    const { desk, order } = deskOf({ refuses: 'f' });
    await desk.follow([order('f')]);
    expect(desk.states).toEqual({ f: { state: 'refused', code: 'PROXY_PROTECTED', details: { proxy: 'p' } } });
  });
});
