/** What carries out the steps of a method in tests: a journal of its own, and a data plane that ends a fault soon after it was injected. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostClock } from '../../src/core/clock.js';
import type { PlannedDeadline, PlannedFault, PlannedStep } from '../../src/experiment/plan.js';
import type { JournalEvent } from '../../src/journal/events.js';
import type { FaultChange } from '../../src/journal/observations.js';
import { JournalWriter } from '../../src/journal/writer.js';
import type { Driver } from '../../src/orchestrator/drivers/driver.js';
import { carryOut } from '../../src/orchestrator/method.js';
import type { ObservationPump } from '../../src/orchestrator/observation-pump.js';
import type { StepPorts } from '../../src/orchestrator/steps/step-kind.js';

export interface MethodRig extends AsyncDisposable {
  readonly ports: StepPorts;
  readonly events: readonly JournalEvent[];
  /** Ids of the faults that were injected. */
  readonly injected: readonly string[];
  carryOut(steps: readonly PlannedStep[], given?: { signal?: AbortSignal; deadlines?: readonly PlannedDeadline[] }): Promise<void>;
  /** `+a`, `-a completed`, in the order of the journal. */
  order(): readonly string[];
}

export interface MethodRigOptions {
  /** Called before a fault is taken; a rejection refuses it. */
  inject?: (id: string, cohort: string | undefined) => Promise<void>;
  /** Beside `inject`. */
  driver?: Partial<Driver>;
  ports?: Partial<StepPorts>;
}

export async function methodRig({ inject, driver: given, ports }: MethodRigOptions = {}): Promise<MethodRig> {
  const folder = await mkdtemp(join(tmpdir(), 'method-'));
  const journal = await JournalWriter.create(join(folder, 'j'), hostClock);
  const events: JournalEvent[] = [];
  journal.onEvent((event) => events.push(event));
  const listeners = new Map<string, (change: FaultChange) => void>();
  const injected: string[] = [];
  const driver = {
    inject: async ([spec]: { id: string; cohort?: string }[]) => {
      await inject?.(spec?.id ?? '', spec?.cohort);
      injected.push(spec?.id ?? '');
      hostClock.after(5, () => listeners.get(spec?.id ?? '')?.({} as FaultChange));
    },
    ...given,
  } as unknown as Driver;
  const pump = {
    onFaultEnded: (id: string, listener: (change: FaultChange) => void) => listeners.set(id, listener),
  } as unknown as ObservationPump;
  const all = {
    clock: hostClock,
    driver,
    faults: driver,
    journal,
    pump,
    run: 'r',
    onInject: () => {},
    mark: () => ({}),
    sets: [],
    bind: (_step: string, fault: PlannedFault) => Promise.resolve(fault),
    ...ports,
  } as StepPorts;
  return {
    ports: all,
    events,
    injected,
    carryOut: (steps, { signal = new AbortController().signal, deadlines = [] } = {}) => carryOut(all, { steps, deadlines }, signal),
    order: () =>
      events.flatMap((e) => (e.type === 'stepStarted' ? [`+${e.step}`] : e.type === 'stepEnded' ? [`-${e.step} ${e.outcome}`] : [])),
    [Symbol.asyncDispose]: async () => {
      await journal.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function plannedStep(kind: string, params: unknown, { name, after = [] }: { name: string; after?: readonly string[] }): PlannedStep {
  return { name, startAfter: after, kind, params, summary: kind, takesMs: 0 };
}

export const waitStep = (name: string, waitMs: number, ...after: string[]) => plannedStep('wait', { waitMs }, { name, after });

export const faultStep = (name: string, ...after: string[]) =>
  ({
    ...plannedStep('fault', {}, { name, after }),
    fault: { links: ['a->b'], performs: 'abort', durationMs: 5, spec: {} },
  }) as unknown as PlannedStep;
