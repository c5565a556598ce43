/** `fleet drain`: no new run takes this host, whoever starts it; one that has it goes on to its end. */
import { LabError } from '../../core/errors.js';
import { didYouMean } from '../../core/suggest.js';
import type { DrainEntry } from '../../orchestrator/fleet/entries.js';
import { readWorld } from '../../orchestrator/fleet/read-world.js';
import type { CliContext } from '../command.js';
import { type FleetOptions, withFleet } from './fleet-access.js';

export interface DrainOptions extends FleetOptions {
  reason: string;
  lift?: true;
}

export function drainAgent(context: CliContext, name: string, options: DrainOptions): Promise<void> {
  return withFleet(context, options, async (fleet) => {
    const { client, keys } = fleet;
    const key = keys.drain(name);
    // One that is not there any more can still be let back.
    if (options.lift) {
      await client.txn({ ops: [{ op: 'delete', key }] });
      context.say(`${name} may be taken by runs again`);
      return;
    }
    const { agents } = await readWorld(fleet);
    const agent = agents.find(({ registration }) => registration.name === name);
    if (agent === undefined)
      throw unknownAgent(
        name,
        agents.map(({ registration }) => registration.name),
      );
    const entry: DrainEntry = { reason: options.reason, since: new Date(context.clock.wallMs()).toISOString() };
    await client.txn({ ops: [{ op: 'put', key, value: JSON.stringify(entry) }] });
    const until = agent.heldBy === undefined ? '' : `; run ${agent.heldBy} has it until it ends`;
    context.say(`${name} is taken by no new run${until}; let it back with \`faultlab fleet drain ${name} --lift --etcd …\``);
  });
}

function unknownAgent(name: string, known: readonly string[]): LabError {
  return new LabError('USAGE', { problem: `no agent named "${name}" is registered${didYouMean(name, known)}` });
}
