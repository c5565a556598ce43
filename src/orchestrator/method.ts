/**
 * Carries out the steps of a method: each starts when the steps named in its `startAfter` have ended. A fault step writes down what
 * it is about to do, durably, before it asks for it, and ends when the data plane says that the fault has ended.
 */
import { type Clock, sleep } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import type { PlannedFault, PlannedStep } from '../experiment/plan.js';
import type { RecordedRelease } from '../journal/events.js';
import type { JournalWriter } from '../journal/writer.js';
import type { Driver } from './drivers/driver.js';
import type { ObservationPump } from './observation-pump.js';

/** After its duration a fault has ended by itself; the news of it may take this much longer. */
const END_GRACE_MS = 5_000;

export interface MethodPorts {
  clock: Clock;
  driver: Driver;
  journal: JournalWriter;
  pump: ObservationPump;
  run: string;
  /** Told before the first fault is asked for. */
  onInject(): void;
}

/** The name that a step's fault has in the data plane. */
export function faultId(run: string, step: string): string {
  return `${run}/${step}`;
}

/**
 * Resolves when all steps have ended. The first failure, or the signal, stops the others; it rejects when none is under way any more, so that
 * whoever heals afterwards is not overtaken by an injection.
 */
export async function carryOut(ports: MethodPorts, steps: readonly PlannedStep[], signal: AbortSignal): Promise<void> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const ends = new Map<string, Promise<void>>();
  const endOf = (name: string): Promise<void> => {
    const known = ends.get(name);
    if (known !== undefined) return known;
    const step = steps.find((s) => s.name === name);
    if (step === undefined) throw new Error(`the plan names a step that it does not have: ${name}`);
    const end = Promise.all(step.startAfter.map(endOf)).then(() => carryOutStep(ports, step, stop));
    ends.set(name, end);
    return end;
  };
  const all = steps.map((step) => endOf(step.name));
  for (const end of all) end.catch((error: unknown) => failure.abort(error));
  await Promise.allSettled(all);
  stop.throwIfAborted();
}

async function carryOutStep(ports: MethodPorts, step: PlannedStep, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  ports.journal.append({ type: 'stepStarted', step: step.name });
  try {
    await carryOutAction(ports, step, signal);
    ports.journal.append({ type: 'stepEnded', step: step.name, outcome: 'completed' });
  } catch (error) {
    ports.journal.append({ type: 'stepEnded', step: step.name, outcome: signal.aborted ? 'stopped' : 'error', reason: reasonOf(error) });
    throw error;
  }
}

function carryOutAction(ports: MethodPorts, { name: step, action }: PlannedStep, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'wait':
      return sleep(ports.clock, action.waitMs, signal);
    case 'fault':
      return injectAndAwait(ports, { step, fault: action.fault, signal });
    case 'release':
      return releaseHeld(ports, action);
  }
}

/** That nothing was held is written down as such: whoever judges knows what that means. */
async function releaseHeld({ run, driver, journal }: MethodPorts, { step, count }: RecordedRelease): Promise<void> {
  const fault = faultId(run, step);
  const { released, held } = await driver.releaseHeld(fault, { count }).catch(nothingReleased);
  journal.append({ type: 'faultReleased', fault, step, released, held });
}

function nothingReleased(error: unknown): { released: number; held: number } {
  if (error instanceof LabError && (error.code === 'FAULT_HOLDS_NOTHING' || error.code === 'FAULT_UNKNOWN'))
    return { released: 0, held: 0 };
  throw error;
}

async function injectAndAwait(
  ports: MethodPorts,
  { step, fault, signal }: { step: string; fault: PlannedFault; signal: AbortSignal },
): Promise<void> {
  const id = faultId(ports.run, step);
  const over = new AbortController();
  const ended = new Promise<void>((resolve) => ports.pump.onFaultEnded(id, () => resolve()));
  ports.onInject();
  await ports.journal.appendDurably({ type: 'faultIntended', fault: id, step, links: fault.links, performs: fault.performs });
  signal.throwIfAborted();
  // Without a cohort of its own it would choose by its id, which is another one in every run.
  await ports.driver.inject([{ cohort: step, ...fault.spec, id, proxies: [...fault.links] }]);
  const tooLate = sleep(ports.clock, fault.durationMs + END_GRACE_MS, AbortSignal.any([signal, over.signal])).then(() => {
    throw new LabError('HEALING_UNCONFIRMED', { reason: `fault "${step}" should have ended ${END_GRACE_MS / 1000} s ago` });
  });
  try {
    await Promise.race([ended, tooLate]);
  } finally {
    // The loser of the race is told to stop waiting; its rejection is expected and nobody's news.
    tooLate.catch(() => {});
    over.abort();
  }
}
