/** Waits until an instance can work: it answers on its path, or accepts connections, and its process has not ended over it. */
import { type Clock, sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { PlannedService } from '../../experiment/plan.js';
import { ask } from './ask.js';
import { dial } from './dial.js';
import { endWords, type OwnedProcess } from './processes.js';

const READY_ATTEMPT_MS = 1_000;

export interface Awaited {
  service: PlannedService;
  instance: string;
  /** `host:port` */
  address: string;
  /** Undefined for somebody else's. */
  process: OwnedProcess | undefined;
}

/** Resolves with how long it took, in milliseconds. Rejects with SERVICE_NOT_READY, or with the signal's reason. */
export async function awaitReady(clock: Clock, awaited: Awaited, signal: AbortSignal): Promise<number> {
  const { service, instance, process: own } = awaited;
  const startedMs = clock.nowMs();
  for (;;) {
    const problem = await whyNotReady(awaited, signal);
    if (problem === undefined) return clock.nowMs() - startedMs;
    signal.throwIfAborted();
    if (own?.exit) {
      const reason = `its process ended with ${endWords(own.exit)}`;
      throw new LabError('SERVICE_NOT_READY', { instance, reason, log: await own.lastWords() });
    }
    if (clock.nowMs() - startedMs > service.ready.timeoutMs) {
      const log = (await own?.lastWords()) ?? '';
      throw new LabError('SERVICE_NOT_READY', { instance, reason: `${problem} after ${service.ready.timeoutMs} ms`, log });
    }
    await sleep(clock, service.ready.intervalMs, signal);
  }
}

/** Undefined when it is ready. A path is asked for over HTTP; without one an accepted connection is enough. */
async function whyNotReady({ service, address }: Awaited, signal: AbortSignal): Promise<string | undefined> {
  const { path } = service.ready;
  const within = AbortSignal.any([signal, AbortSignal.timeout(READY_ATTEMPT_MS)]);
  if (path === undefined) {
    const problem = await dial(address, { signal: within });
    return problem && `${address} cannot be connected to: ${problem}`;
  }
  const { status, detail } = await ask({ address, path, signal: within });
  return status >= 200 && status < 300 ? undefined : detail;
}
