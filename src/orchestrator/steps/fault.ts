/**
 * Puts a fault on some links, or on some processes, and ends when that fault is said to have ended. What it is about to do is written down, durably, before it
 * is asked for.
 */
import { sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { PlannedStep } from '../../experiment/plan.js';
import { resolveFault } from '../../experiment/resolve/fault.js';
import { withCaveats } from '../../experiment/resolve/proxies.js';
import { type FaultText, faultSchema } from '../../experiment/schema/fault.js';
import { faultId } from '../fault-id.js';
import { defineStepKind, type StepPorts } from './step-kind.js';

/** After its duration a fault has ended by itself; the news of it may take this much longer, where the data plane does not say otherwise. */
const NEWS_WITHIN_MS = 5_000;

export const fault = defineStepKind({
  name: 'fault',
  summary: 'Put a fault of the catalog on some links, or on the processes of some instances, for some time.',
  example: { type: 'abort', target: { from: 'gateway', to: 'payments' }, value: { status: 503 }, duration: '30s' },
  schema: ({ faults }) => faultSchema(faults).meta({ description: 'a fault of the catalog, on some links or processes, for some time' }),
  resolve: (text: FaultText, context) => {
    const resolved = resolveFault(text, context.path, context);
    if (resolved === undefined) return undefined;
    const planned = resolved.processes === undefined ? withCaveats(resolved, context) : resolved;
    return { params: {}, summary: planned.summary, takesMs: planned.durationMs, fault: planned };
  },
  carryOut: injectAndAwait,
});

async function injectAndAwait({ name: step, fault: planned }: PlannedStep, ports: StepPorts, signal: AbortSignal): Promise<void> {
  if (planned === undefined) throw new Error(`the plan has a fault step without its fault: ${step}`);
  const bound = await ports.bind(step, planned, signal);
  const id = faultId(ports.run, step);
  const over = new AbortController();
  const ended = new Promise<void>((resolve) => ports.pump.onFaultEnded(id, () => resolve()));
  ports.onInject();
  const { links, processes, performs, spec, durationMs, recoveryMs = 0 } = bound;
  await ports.journal.appendDurably({ type: 'faultIntended', fault: id, step, links, performs });
  signal.throwIfAborted();
  // Without a cohort of its own it would choose by its id, which is another one in every run.
  await ports.faults.inject([{ cohort: step, ...spec, id, proxies: [...(processes ?? links)] }]);
  const graceMs = (ports.driver.newsWithinMs ?? NEWS_WITHIN_MS) + recoveryMs;
  const tooLate = sleep(ports.clock, durationMs + graceMs, AbortSignal.any([signal, over.signal])).then(() =>
    refuseIfOn(id, { step, graceMs, ports }),
  );
  try {
    await Promise.race([ended, tooLate]);
  } finally {
    // The loser of the race is told to stop waiting; its rejection is expected and nobody's news.
    tooLate.catch(() => {});
    over.abort();
  }
}

/** News of its end may lie on a host that cannot be reached; whoever can be asked says whether it is on. Rejects with HEALING_UNCONFIRMED. */
async function refuseIfOn(id: string, { step, graceMs, ports }: { step: string; graceMs: number; ports: StepPorts }): Promise<void> {
  if ((await ports.faults.active()).some((fault) => fault.id === id))
    throw new LabError('HEALING_UNCONFIRMED', { reason: `fault "${step}" should have ended ${graceMs / 1000} s ago` });
  ports.journal.append({
    type: 'note',
    text: `fault "${step}" is not on any more; the news of its end, and what it has hit, are still to come`,
  });
}
