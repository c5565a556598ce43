import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/journal/events.js';
import type { FaultChange } from '../../src/journal/observations.js';
import { HandFaults, type HandWord, handEventOf } from '../../src/orchestrator/hand-faults.js';

const links = [
  { name: 'a->b-1', from: 'a', to: 'b-1', protected: false },
  { name: 'a->vault', from: 'a', to: 'vault', protected: true },
];
const services = [{ name: 'b', instances: [{ name: 'b-1' }, { name: 'b-2' }], accepts: ['pause'] }];
const begin = (instance = 'b-1', performs = 'pause'): HandWord => ({
  kind: 'beginByHand',
  run: 'r',
  by: 'ann',
  atMs: 0,
  fault: 'f',
  performs,
  on: [instance],
  spec: { id: 'f', type: performs, proxies: [instance], value: {}, lease: '2s' },
});
const end: HandWord = { kind: 'endByHand', run: 'r', by: 'ann', atMs: 1, fault: 'f', reason: 'healed' };
const change = (given: Partial<FaultChange> = {}): FaultChange => ({
  kind: 'fault',
  fault: 'f',
  run: 'r',
  change: 'applied',
  atMs: 1,
  counted: 'processes',
  matched: 1,
  appliedCount: 1,
  skipped: 0,
  ...given,
});

/** Resolves when it is told to. */
function held(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((r) => {
    resolve = r;
  });
  return { promise, resolve: () => resolve() };
}

interface Given {
  inject?: () => Promise<void>;
  /** How long what is intended takes to be on disk. */
  write?: () => Promise<void>;
  isDry?: boolean;
}

function rig({ inject = async () => {}, write = async () => {}, isDry = false }: Given = {}) {
  const events: NewEvent[] = [];
  const done: unknown[] = [];
  const hand = new HandFaults({
    plan: { links, services, recorded: isDry ? { isDry: true } : {} } as never,
    journal: {
      append: (event) => void events.push(event),
      appendDurably: (event) => {
        events.push(event);
        return write();
      },
    },
    faults: () => ({
      inject: async (specs) => {
        await inject();
        done.push(...specs.map(({ type, proxies, percentage }) => ({ type, proxies, percentage })));
      },
      heal: async (ids) => void done.push({ heal: ids }),
    }),
    isOwn: (instance) => instance !== 'stranger',
  });
  return { hand, events, done };
}

describe('a fault on a process that somebody asks for', () => {
  it('is written down before it is on, and signed when it is told of', async () => {
    const { hand, events, done } = rig();
    await hand.heed(begin());
    expect(events).toMatchObject([{ change: 'intended', by: 'ann', performs: 'pause', processes: ['b-1'], links: ['a->b-1'] }]);
    expect(done).toEqual([{ type: 'pause', proxies: ['b-1'], percentage: 100 }]);
    expect(hand.signed(change())).toMatchObject({ byHand: { by: 'ann', performs: 'pause', on: ['b-1'] } });
  });

  it('ends as it was asked to end: healed, or expired', async () => {
    const { hand, done } = rig();
    await hand.heed(begin());
    await hand.heed({ kind: 'endByHand', run: 'r', by: 'ann', atMs: 1, fault: 'f', reason: 'expired' });
    expect(done.at(-1)).toEqual({ heal: ['f'] });
    expect(hand.signed(change({ change: 'healed' }))).toMatchObject({ change: 'expired', byHand: { by: 'ann' } });
    expect(hand.signed(change({ change: 'healed' }))).not.toHaveProperty('byHand');
  });

  it('is refused for processes of others, at protected links, where the service does not accept it, and when the run heals', async () => {
    const { hand, events, done } = rig();
    await hand.heed(begin('stranger'));
    await hand.heed(begin('vault'));
    await hand.heed(begin('b-2', 'crash'));
    await hand.close();
    await hand.heed(begin());
    expect(events).toMatchObject([
      { change: 'refused', reason: expect.stringContaining('no process that this run has started') },
      { change: 'refused', reason: expect.stringContaining('protected') },
      { change: 'refused', reason: expect.stringContaining('b does not accept crash; it accepts: pause') },
      { change: 'refused', reason: expect.stringContaining('the run heals') },
    ]);
    expect(done).toEqual([]);
  });

  it('that cannot be is a refusal in the journal, and no failure', async () => {
    const { hand, events } = rig({ inject: () => Promise.reject(new Error('taken')) });
    await hand.heed(begin());
    expect(events.at(-1)).toMatchObject({ change: 'refused', reason: 'taken' });
  });

  it('is not put on when the run has begun to heal while it was being written down, and healing does not wait for the disk', async () => {
    const disk = held();
    const { hand, events, done } = rig({ write: () => disk.promise });
    const begun = hand.heed(begin());
    await hand.close();
    disk.resolve();
    await begun;
    expect(done).toEqual([]);
    expect(events).toMatchObject([{ change: 'intended' }, { change: 'refused', reason: expect.stringContaining('the run heals') }]);
  });

  it('that is being put on when the run begins to heal is waited for', async () => {
    const daemon = held();
    const { hand, done } = rig({ inject: () => daemon.promise });
    const begun = hand.heed(begin());
    await Promise.resolve();
    const closed = hand.close().then(() => done.push('closed'));
    daemon.resolve();
    await Promise.all([begun, closed]);
    expect(done).toMatchObject([{ type: 'pause' }, 'closed']);
  });

  it('is not put on when it was ended while it was being written down', async () => {
    const disk = held();
    const { hand, events, done } = rig({ write: () => disk.promise });
    const begun = hand.heed(begin());
    await hand.heed(end);
    disk.resolve();
    await begun;
    expect(done).toEqual([]);
    expect(events.at(-1)).toMatchObject({ change: 'refused', reason: expect.stringContaining('ended before it was on') });
    await hand.heed(begin());
    expect(done).toMatchObject([{ type: 'pause' }]);
  });

  it('is healed when it is on, where it was ended while it was being put on', async () => {
    const daemon = held();
    const { hand, done } = rig({ inject: () => daemon.promise });
    const begun = hand.heed(begin());
    await Promise.resolve();
    const ended = hand.heed(end);
    daemon.resolve();
    await Promise.all([begun, ended]);
    expect(done).toMatchObject([{ type: 'pause' }, { heal: ['f'] }]);
  });

  it('is refused under the name of one that has not ended, which can still be ended', async () => {
    const { hand, events, done } = rig();
    await hand.heed(begin());
    await hand.heed(begin('b-2'));
    expect(events.at(-1)).toMatchObject({ change: 'refused', processes: ['b-2'], reason: expect.stringContaining('has not ended yet') });
    await hand.heed(end);
    expect(done).toMatchObject([{ proxies: ['b-1'] }, { heal: ['f'] }]);
    expect(hand.signed(change({ change: 'healed' }))).toMatchObject({ byHand: { on: ['b-1'] } });
  });

  it('hits nobody in a rehearsal', async () => {
    const { hand, done } = rig({ isDry: true });
    await hand.heed(begin());
    expect(done).toMatchObject([{ percentage: 0 }]);
  });
});

describe('what the journal says of it', () => {
  it('names links of a fault on links, and processes with the links to them of one on processes', () => {
    const byHand = { by: 'ann', performs: 'latency', on: ['a->b-1'] };
    const { counted: _processes, ...onLinks } = change({ change: 'changed', percentage: 20 });
    expect(handEventOf(onLinks, byHand, links)).toMatchObject({ links: ['a->b-1'], percentage: 20 });
    expect(handEventOf(change({ change: 'healed' }), { ...byHand, on: ['b-1'] }, links)).toMatchObject({
      links: ['a->b-1'],
      processes: ['b-1'],
      matched: 1,
      applied: 1,
    });
  });
});
