import { describe, expect, it } from 'vitest';
import { FaultSet } from '../../src/dataplane/fault-set.js';
import { ActiveFault } from '../../src/dataplane/faults/active-fault.js';
import { type FaultSpecInput, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { blackhole } from '../../src/dataplane/faults/tcp/blackhole.js';
import { VirtualClock } from '../support/clock.js';

function setUp(clock = new VirtualClock({ startMs: 0 })) {
  const changes: string[] = [];
  const set = new FaultSet(clock, {
    changed: (faults, change) => {
      for (const fault of faults) {
        const level = fault.isOn ? `${fault.percentage} %` : 'off';
        changes.push(`${clock.nowMs()} ${fault.id} ${change === 'turned' || change === 'changed' ? level : change}`);
      }
    },
  });
  const fault = (id: string, options: Partial<FaultSpecInput> & { run?: string } = {}) => {
    const { run = 'r', ...rest } = options;
    const spec = faultSpecSchema.parse({ id, type: 'blackhole', proxies: ['p'], ...rest });
    return new ActiveFault({ run, spec, definition: blackhole, params: {}, sinceMs: clock.nowMs() });
  };
  return { clock, changes, set, fault };
}

describe('leases', () => {
  it('end a fault that nobody renews, exactly when the lease runs out', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a', { lease: '10s' })]);
    clock.advance(9_999);
    expect(set.all.map((f) => f.id)).toEqual(['a']);
    clock.advance(1);
    expect(changes).toEqual(['0 a applied', '10000 a expired']);
    expect(clock.pending).toBe(0);
  });

  it('start anew when renewed, for the faults of that run alone', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('mine', { lease: '10s' }), fault('theirs', { run: 'other', lease: '10s' })]);
    clock.advance(6_000);
    expect(set.renew('r')).toBe(1);
    clock.advance(6_000);
    expect(changes.slice(2)).toEqual(['10000 theirs expired']);
    clock.advance(4_000);
    expect(changes.slice(3)).toEqual(['16000 mine expired']);
  });

  it('never outlive the duration, whatever is renewed', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a', { lease: '2s', duration: '5s' })]);
    for (let s = 0; s < 10; s++) {
      set.renew('r');
      clock.advance(1_000);
    }
    expect(changes).toEqual(['0 a applied', '5000 a duration']);
  });
});

describe('ending by hand', () => {
  it('ends what was named and leaves the rest with its lease', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a'), fault('b')]);
    expect(set.end((f) => f.id === 'a', 'healed').map((f) => f.id)).toEqual(['a']);
    clock.advance(60_000);
    expect(changes.slice(2)).toEqual(['0 a healed', '10000 b expired']);
    expect(clock.pending).toBe(0);
  });
});

describe('the faults of a proxy', () => {
  it('are told in the order in which they were added, and without those that have ended', () => {
    const { set, fault } = setUp();
    set.add([fault('a'), fault('b', { proxies: ['q'] }), fault('c', { proxies: ['q', 'p'] })]);
    expect([set.on('p').map((f) => f.id), set.on('q').map((f) => f.id), set.on('r')]).toEqual([['a', 'c'], ['b', 'c'], []]);
    set.end((f) => f.id !== 'a', 'healed');
    expect([set.on('p').map((f) => f.id), set.on('q')]).toEqual([['a'], []]);
  });
});

describe('a proxy that is gone', () => {
  it('takes the faults with it that acted on nothing else, and those on several with the last of them', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a'), fault('ab', { proxies: ['p', 'q'] }), fault('b', { proxies: ['q'] })]);
    set.leave('p');
    expect([set.on('p'), set.on('q').map((f) => f.id)]).toEqual([[], ['ab', 'b']]);
    set.leave('q');
    expect([set.on('q'), changes.slice(3), clock.pending]).toEqual([[], ['0 a healed', '0 ab healed', '0 b healed'], 0]);
    set.leave('never there');
  });
});

describe('levels', () => {
  it('turn when they are due, on and off by a pulse, until the fault ends', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a', { lease: '10s', pulse: { active: '3s', dormant: '4s' } })]);
    clock.advance(20_000);
    expect(changes).toEqual(['0 a applied', '3000 a off', '7000 a 100 %', '10000 a expired']);
    expect(clock.pending).toBe(0);
  });

  it('turn step by step by a ramp, and leave no timer behind', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a', { lease: '60s', ramp: { from: 10, to: 30, step: 10, every: '1s' } })]);
    clock.advance(5_000);
    expect(changes).toEqual(['0 a applied', '1000 a 20 %', '2000 a 30 %']);
    set.end(() => true, 'healed');
    expect(clock.pending).toBe(0);
  });

  it('catch up in one step when the machine has slept', () => {
    const clock = new VirtualClock({ startMs: 0, skewMs: () => 2_500 });
    const { changes, set, fault } = setUp(clock);
    set.add([fault('a', { lease: '60s', ramp: { from: 10, to: 50, step: 10, every: '1s' } })]);
    clock.advance(3_600);
    expect(changes).toEqual(['0 a applied', '3500 a 40 %']);
    set.close();
  });

  it('are told of a change by hand, which neither renews the lease nor starts the counts anew', () => {
    const { clock, changes, set, fault } = setUp();
    set.add([fault('a', { lease: '10s' })]);
    const [a] = set.all;
    a?.meet({ link: 'a->b', instance: 'b', connection: 1 });
    clock.advance(6_000);
    if (a) set.change(a, { percentage: 20 });
    expect(changes.slice(1)).toEqual(['6000 a 20 %']);
    expect(a?.counts.matched).toBe(1);
    clock.advance(4_000);
    expect(changes.slice(2)).toEqual(['10000 a expired']);
  });
});
