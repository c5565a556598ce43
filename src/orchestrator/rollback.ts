/**
 * What happens to faults that are still on when a run ends before its plan: `always` takes them back at once, `never` lets them run out, `deviated`
 * takes them back only where the system or the run was not well. In every case healing is confirmed afterwards, and no fault outlives its lease.
 */
import { type Clock, sleep } from '../core/clock.js';
import type { Plan } from '../experiment/plan.js';
import type { RunStatus, SteadyState } from '../journal/events.js';
import type { Faults } from './drivers/driver.js';

/** A fault that is not renewed ends with its lease; the news of it may take so much longer. */
const GRACE_MS = 1_000;
const ASK_EVERY_MS = 100;

export type RollbackStrategy = Plan['rollback']['strategy'];

/** Whether faults are taken back at once. What the operator ends without anything being wrong is no deviation; an error always is. */
export function takesBack(strategy: RollbackStrategy, found: { status: RunStatus; steadyState: SteadyState }): boolean {
  if (strategy !== 'deviated') return strategy === 'always';
  return found.status === 'stopped' || found.status === 'error' || found.steadyState === 'notMet' || found.steadyState === 'undecided';
}

/** Resolves when no fault is on any more, at the latest when the longest lease of the plan must have run out. The caller has stopped to renew. */
export async function letRunOut(clock: Clock, faults: Faults, { steps }: Pick<Plan, 'steps'>): Promise<void> {
  const leaseMs = Math.max(0, ...steps.map(({ fault }) => fault?.leaseMs ?? 0));
  const giveUpMs = clock.nowMs() + leaseMs + GRACE_MS;
  while (clock.nowMs() < giveUpMs && (await faults.active().catch(() => [])).length > 0) await sleep(clock, ASK_EVERY_MS);
}
