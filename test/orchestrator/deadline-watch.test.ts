import { describe, expect, it } from 'vitest';
import { DeadlineWatch } from '../../src/orchestrator/deadline-watch.js';
import { VirtualClock } from '../support/clock.js';
import { methodRig, waitStep } from '../support/method-rig.js';

describe('the watch over deadlines', () => {
  it('counts from the first step of a group, and forgets it when the last has ended', () => {
    const clock = new VirtualClock();
    const passed: string[] = [];
    using watch = new DeadlineWatch(clock, [{ name: 'g', steps: ['a', 'b'], deadlineMs: 100 }], ({ message }) => passed.push(message));
    clock.advance(1_000);
    watch.started('a');
    watch.ended('a');
    clock.advance(60);
    watch.started('b');
    watch.ended('b');
    clock.advance(1_000);
    expect(passed).toEqual([]);
  });

  it('tells of a group that is late, once', () => {
    const clock = new VirtualClock();
    const passed: string[] = [];
    using watch = new DeadlineWatch(clock, [{ name: 'g', steps: ['a', 'b'], deadlineMs: 100 }], ({ message }) => passed.push(message));
    watch.started('a');
    clock.advance(60);
    watch.started('b');
    clock.advance(1_000);
    expect(passed).toEqual(['g should have ended 100ms after its start']);
  });

  it('ends a method that is late, with a reason that is a stop', async () => {
    await using rig = await methodRig();
    const late = rig.carryOut([waitStep('a', 60_000)], { deadlines: [{ name: 'a', steps: ['a'], deadlineMs: 20 }] });
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE_PASSED', exit: 4 });
    expect(rig.order()).toEqual(['+a', '-a stopped']);
  });
});
