import { describe, expect, it } from 'vitest';
import { FaultSet } from '../../src/dataplane/fault-set.js';
import { ActiveFault } from '../../src/dataplane/faults/active-fault.js';
import { faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { blackhole } from '../../src/dataplane/faults/tcp/blackhole.js';
import { VirtualClock } from '../support/clock.js';

function setUp() {
  const clock = new VirtualClock({ startMs: 0 });
  const changes: string[] = [];
  const set = new FaultSet(clock, (fault, change) => changes.push(`${clock.nowMs()} ${fault.id} ${change}`));
  const fault = (id: string, options: { run?: string; lease?: string; duration?: string } = {}) => {
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
