/**
 * `halt --etcd`: every fault on every host ends, and no run of the environment begins, until it is lifted. What a reader gets wrong: nobody carries this out but the agents
 * themselves, who watch one key, so it works when every orchestrator is gone.
 */
import { sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { listed } from '../../core/suggest.js';
import type { HaltEntry } from '../../orchestrator/fleet/entries.js';
import { parseEntry } from '../../orchestrator/fleet/entries.js';
import { appliedSchema } from '../../orchestrator/fleet/orders.js';
import { readWorld } from '../../orchestrator/fleet/read-world.js';
import type { CliContext } from '../command.js';
import { type FleetAccess, type FleetOptions, withFleet } from './fleet-access.js';

/** An agent that does not answer by then has no proof of its run either, and heals when the lease of that is over. */
const CONFIRMED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 100;

export function haltFleet(context: CliContext, options: FleetOptions & { reason: string; lift?: true }): Promise<void> {
  return withFleet(context, options, async (fleet) => {
    const { client, keys } = fleet;
    const where = `environment "${options.environment}"`;
    if (options.lift) {
      await client.txn({ ops: [{ op: 'delete', key: keys.halt }] });
      context.say(`lifted: runs may start in ${where}`);
      return;
    }
    const held = (await readWorld(fleet)).agents.filter(({ heldBy }) => heldBy !== undefined);
    const entry: HaltEntry = { reason: options.reason, since: new Date(context.clock.wallMs()).toISOString() };
    await client.txn({ ops: [{ op: 'put', key: keys.halt, value: JSON.stringify(entry) }] });
    const deaf = await unconfirmed(
      context,
      fleet,
      held.map(({ registration, heldBy = '' }) => ({ agent: registration.name, run: heldBy })),
    );
    if (deaf.length > 0) throw new LabError('HEALING_UNCONFIRMED', { reason: `no answer from ${listed(deaf)}` });
    context.say(
      `halted: ${held.length} of the hosts had a run and have let go of it; no run starts in ${where} until \`faultlab halt --lift --etcd …\``,
    );
  });
}

/** Names of those that have not said within the time that they have let go. */
async function unconfirmed(
  { clock }: CliContext,
  fleet: FleetAccess,
  holds: readonly { agent: string; run: string }[],
): Promise<readonly string[]> {
  const giveUpMs = clock.nowMs() + CONFIRMED_WITHIN_MS;
  let waiting = holds;
  for (;;) {
    const answers = await Promise.all(waiting.map(async (hold) => ((await hasLeft(fleet, hold)) ? [] : [hold])));
    waiting = answers.flat();
    if (waiting.length === 0 || clock.nowMs() > giveUpMs) return waiting.map(({ agent }) => agent);
    await sleep(clock, LOOK_EVERY_MS);
  }
}

/** Also where the run is gone with all that stood under its lease: then nothing holds its faults. */
async function hasLeft({ client, keys }: FleetAccess, { agent, run }: { agent: string; run: string }): Promise<boolean> {
  const { read } = await client.txn({
    ops: [
      { op: 'read', key: keys.hold(agent) },
      { op: 'read', key: keys.applied(run, agent) },
    ],
  });
  const [hold = [], applied = []] = read;
  const isHeld = hold.some(({ value }) => value === run);
  return !isHeld || applied.some((entry) => parseEntry(appliedSchema, entry).left !== undefined);
}
