import { describe, expect, it } from 'vitest';
import type { PlannedProbe } from '../../src/experiment/plan.js';
import type { NewEvent } from '../../src/journal/events.js';
import type { Exchange } from '../../src/journal/observations.js';
import { ProbeRunner } from '../../src/orchestrator/probe-runner.js';
import { wire } from '../../src/orchestrator/probes/wire.js';
import { VirtualClock } from '../support/clock.js';
import { probing } from '../support/probing.js';

const probe = (mode: PlannedProbe['mode'], failureThreshold = 1): PlannedProbe => ({
  name: 'p',
  type: 'wire',
  mode,
  intervalMs: 1_000,
  timeoutMs: 2_000,
  failureThreshold,
  successThreshold: 1,
  params: wire.schema.parse({ target: { to: 's' }, tolerance: { metric: 'successRate', criteria: '>=', value: 50 } }),
  expectation: '',
});
const exchange = (status: number) => ({ startMs: 0, endMs: 1, status, end: 'complete' }) as Exchange;

function setUp(probes: PlannedProbe[], status: () => number | undefined) {
  const clock = new VirtualClock();
  const notes: NewEvent[] = [];
  const recent = () => {
    const now = status();
    return now === undefined ? [] : [exchange(now)];
  };
  const runner = new ProbeRunner(
    {
      clock,
      note: (event) => notes.push(event),
      phase: () => 'method',
      probing: probing({ recent }),
    },
    probes,
  );
  return { clock, notes, runner };
}
async function elapse(clock: VirtualClock, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 500) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const never = new AbortController().signal;

describe('the probe runner', () => {
  it('watches probes of the modes asked for, keeps their streak, and stops when disposed', async () => {
    let status = 200;
    const { clock, notes, runner } = setUp([probe('continuous'), { ...probe('edge'), name: 'q' }], () => status);
    runner.watch();
    await elapse(clock, 2_000);
    status = 503;
    await elapse(clock, 3_000);
    expect(notes.map((n) => (n.type === 'probeResult' ? `${n.probe} ${n.met}` : ''))).toEqual([
      'p true',
      'p true',
      'p false',
      'p false',
      'p false',
    ]);
    expect(runner.streak('p').failures).toBe(3);
    runner[Symbol.dispose]();
    await elapse(clock, 3_000);
    expect(notes).toHaveLength(5);
  });

  it('holds the gate open for as many tries as failures are forgiven', async () => {
    let asked = 0;
    const { clock, runner } = setUp([probe('edge', 3)], () => (++asked < 3 ? 503 : 200));
    const gate = runner.gate(['edge'], never);
    await elapse(clock, 4_000);
    expect(await gate).toBe('met');
    expect(asked).toBe(3);
  });

  it('keeps the gate shut when the last try fails, and tells that from nothing to judge by', async () => {
    const bad = setUp([probe('edge')], () => 503);
    expect(await bad.runner.gate(['edge'], never)).toBe('notMet');
    const idle = setUp([probe('edge')], () => undefined);
    expect(await idle.runner.gate(['edge'], never)).toBe('undecided');
    expect(idle.notes).toMatchObject([{ met: null }]);
    expect(await idle.runner.gate(['start'], never)).toBe('met');
  });

  it('wants as many good answers in a row as the probe’s success threshold, at the gate too', async () => {
    const answers = [200, 503, 200, 200, 200];
    let asked = 0;
    const { clock, runner } = setUp([{ ...probe('edge', 3), successThreshold: 2 }], () => answers[asked++]);
    const gate = runner.gate(['edge'], never);
    await elapse(clock, 5_000);
    expect(await gate).toBe('met');
    expect(asked).toBe(4);
  });

  it('asks probes of the mode onFault while a fault is on, whichever, and not before or after', async () => {
    const { clock, notes, runner } = setUp([probe('onFault')], () => 200);
    const applied = (fault: string) => runner.heed({ n: 1, atMs: 0, type: 'faultApplied', fault, step: fault });
    const ended = (fault: string) =>
      runner.heed({ n: 1, atMs: 0, type: 'faultEnded', fault, step: fault, reason: 'duration', matched: 1, applied: 1, skipped: 0 });
    await elapse(clock, 3_000);
    expect(notes).toHaveLength(0);
    applied('one');
    await elapse(clock, 2_000);
    applied('two');
    ended('one');
    await elapse(clock, 2_000);
    expect(notes).toHaveLength(4);
    ended('two');
    await elapse(clock, 3_000);
    expect(notes).toHaveLength(4);
    applied('three');
    await elapse(clock, 1_000);
    expect(notes).toHaveLength(5);
    runner[Symbol.dispose]();
    await elapse(clock, 2_000);
    expect(notes).toHaveLength(5);
  });
});
