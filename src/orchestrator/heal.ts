/**
 * Takes every fault of the run away and makes sure of it: first the data plane is read back, then each link that was faulted must accept
 * a connection again. Total: it does not matter which faults were on, or whether any was.
 */
import { type Clock, sleep } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import type { Faults } from './drivers/driver.js';
import { dial } from './services/dial.js';

const CONFIRM_TIMEOUT_MS = 5_000;
const DIAL_TIMEOUT_MS = 1_000;

/** Rejects with HEALING_UNCONFIRMED when it could not be made sure within `CONFIRM_TIMEOUT_MS`. `addresses` are the faulted links' own. */
export async function healAndConfirm(clock: Clock, faults: Faults, addresses: readonly string[]): Promise<void> {
  const giveUpMs = clock.nowMs() + CONFIRM_TIMEOUT_MS;
  for (;;) {
    const problem = await attempt(faults, addresses);
    if (problem === undefined) return;
    if (clock.nowMs() >= giveUpMs) throw new LabError('HEALING_UNCONFIRMED', { reason: problem });
    await sleep(clock, 200);
  }
}

async function attempt(faults: Faults, addresses: readonly string[]): Promise<string | undefined> {
  try {
    await faults.heal();
    const active = await faults.active();
    if (active.length > 0) return `still on: ${active.map((fault) => fault.id).join(', ')}`;
  } catch (error) {
    return reasonOf(error);
  }
  const problems = await Promise.all(
    addresses.map(async (address) => [address, await dial(address, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) })] as const),
  );
  const [address, problem] = problems.find(([, p]) => p !== undefined) ?? [];
  return problem && `the link at ${address} does not accept connections: ${problem}`;
}
