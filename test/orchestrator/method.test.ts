import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { LabError } from '../../src/core/errors.js';
import type { PlannedStep } from '../../src/experiment/plan.js';
import type { JournalEvent } from '../../src/journal/events.js';
import type { FaultChange } from '../../src/journal/observations.js';
import { JournalWriter } from '../../src/journal/writer.js';
import type { Driver } from '../../src/orchestrator/drivers/driver.js';
import { carryOut, type MethodPorts } from '../../src/orchestrator/method.js';
import type { ObservationPump } from '../../src/orchestrator/observation-pump.js';

let folder: string;
let journal: JournalWriter;
let events: JournalEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'method-'));
  journal = await JournalWriter.create(join(folder, 'j'), hostClock);
  events = [];
  journal.onEvent((event) => events.push(event));
});
afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true });
});

/** A data plane that ends a fault as soon as it was injected, or refuses it. */
function ports(
  given: { inject?: (id: string, cohort?: string) => Promise<void>; releaseHeld?: Driver['releaseHeld'] } = {},
): MethodPorts & { injected: string[] } {
  const listeners = new Map<string, (change: FaultChange) => void>();
  const injected: string[] = [];
  const driver = {
    releaseHeld: given.releaseHeld,
    inject: async ([spec]: { id: string; cohort?: string }[]) => {
      await given.inject?.(spec?.id ?? '', spec?.cohort);
      injected.push(spec?.id ?? '');
      hostClock.after(5, () => listeners.get(spec?.id ?? '')?.({} as FaultChange));
    },
  } as unknown as Driver;
  const pump = {
    onFaultEnded: (id: string, listener: (change: FaultChange) => void) => listeners.set(id, listener),
  } as unknown as ObservationPump;
  return { clock: hostClock, driver, journal, pump, run: 'r', onInject: () => {}, injected };
}
const wait = (name: string, waitMs: number, ...startAfter: string[]): PlannedStep => ({
  name,
  startAfter,
  action: { kind: 'wait', waitMs },
});
const fault = (name: string, ...startAfter: string[]) =>
  ({
    name,
    startAfter,
    action: { kind: 'fault', fault: { links: ['a->b'], performs: 'abort', durationMs: 5, spec: {} } },
  }) as unknown as PlannedStep;
const order = () =>
  events.flatMap((e) => (e.type === 'stepStarted' ? [`+${e.step}`] : e.type === 'stepEnded' ? [`-${e.step} ${e.outcome}`] : []));
const never = new AbortController().signal;

describe('carrying out a method', () => {
  it('starts a step when all that it waits for have ended, whatever the order of the file', async () => {
    await carryOut(ports(), [wait('c', 1, 'a', 'b'), wait('a', 5), wait('b', 20)], never);
    expect(order()).toEqual(['+a', '+b', '-a completed', '-b completed', '+c', '-c completed']);
  });

  it('lets go what a fault holds, and writes down how much that was', async () => {
    const asked: unknown[] = [];
    const p = ports({
      releaseHeld: (id, { count }) => {
        asked.push([id, count]);
        return asked.length === 1
          ? Promise.resolve({ released: 2, held: 1 })
          : Promise.reject(new LabError('FAULT_HOLDS_NOTHING', { fault: id, type: 'hold' }));
      },
    });
    const release = (name: string, count: number | undefined, ...startAfter: string[]): PlannedStep => ({
      name,
      startAfter,
      action: { kind: 'release', step: 'f', count },
    });
    await carryOut(p, [fault('f'), release('some', 2), release('rest', undefined, 'some')], never);
    expect(asked).toEqual([
      ['r/f', 2],
      ['r/f', undefined],
    ]);
    expect(events.filter((e) => e.type === 'faultReleased')).toMatchObject([
      { fault: 'r/f', step: 'f', released: 2, held: 1 },
      { released: 0, held: 0 },
    ]);
  });

  it('fails when the data plane cannot be asked to let go', async () => {
    const p = ports({ releaseHeld: () => Promise.reject(new LabError('DAEMON_UNREACHABLE', { url: 'u', reason: 'gone' })) });
    await expect(carryOut(p, [{ name: 'x', startAfter: [], action: { kind: 'release', step: 'f' } }], never)).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
    });
  });

  it('writes the intent to disk before it injects', async () => {
    const p = ports({ inject: async () => expect(events.map((e) => e.type)).toContain('faultIntended') });
    await carryOut(p, [fault('f')], never);
    expect(p.injected).toEqual(['r/f']);
    expect(order()).toEqual(['+f', '-f completed']);
  });

  it('has a fault choose its victims by the step, so that they are the same in the next run', async () => {
    const cohorts: (string | undefined)[] = [];
    await carryOut(ports({ inject: async (_id, cohort) => void cohorts.push(cohort) }), [fault('slow')], never);
    expect(cohorts).toEqual(['slow']);
  });

  it('injects nothing when the journal cannot be written', async () => {
    const full = await JournalWriter.open('/dev/full', hostClock);
    const p = { ...ports(), journal: full };
    await expect(carryOut(p, [fault('f')], never)).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(p.injected).toEqual([]);
    await full.close();
  });

  it('stops the other steps at the first failure, starts none after it, and rejects when all are over', async () => {
    const p = ports({ inject: () => Promise.reject(new Error('refused')) });
    await expect(carryOut(p, [wait('long', 60_000), fault('f'), wait('after', 1, 'f')], never)).rejects.toThrow('refused');
    expect(order()).toEqual(['+long', '+f', '-f error', '-long stopped']);
  });

  it('stops at the signal with its reason, after an injection under way is over', async () => {
    const stop = new AbortController();
    let landed = false;
    const p = ports({
      inject: () =>
        new Promise((resolve) => {
          stop.abort(new Error('SIGINT'));
          hostClock.after(20, () => {
            landed = true;
            resolve();
          });
        }),
    });
    await expect(carryOut(p, [fault('f')], stop.signal)).rejects.toThrow('SIGINT');
    expect(landed).toBe(true);
  });
});
