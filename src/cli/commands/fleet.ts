/** `faultlab fleet …`: the hosts that have joined, and whether all is well with them. */
import { EXIT } from '../../core/errors.js';
import { type CliContext, defineCommand } from '../command.js';
import type { Examined } from '../examinations.js';
import { fleetExaminations } from '../fleet/doctor.js';
import { type DrainOptions, drainAgent } from '../fleet/drain.js';
import { addFleetOptions, type FleetOptions, withFleet } from '../fleet/fleet-access.js';
import { listAgents } from '../fleet/list.js';
import { sayExamined } from '../say-examined.js';

type Json = { json?: true };

export const fleet = defineCommand({
  name: 'fleet',
  summary: 'List the hosts of the fleet, keep runs away from one, and look whether all is well.',
  example: 'faultlab fleet list --etcd https://10.0.0.1:2379',
  configure: (command, context) => {
    addFleetOptions(command.command('list', { isDefault: true }).description('List the hosts, with their labels and who has them.'))
      .option('--json', 'as JSON')
      .action((options: FleetOptions & Json) => listAgents(context, options));
    addFleetOptions(command.command('drain').description('Keep new runs away from a host, until lifted.'))
      .argument('<agent>', 'its name')
      .option('--reason <text>', 'why; `fleet list --json` tells', 'no reason given')
      .option('--lift', 'let runs take it again')
      .action((name: string, options: DrainOptions) => drainAgent(context, name, options));
    addFleetOptions(command.command('doctor').description('Look whether etcd and the hosts are as runs need them.'))
      .option('--json', 'as JSON')
      .action((options: FleetOptions & Json) => examine(context, options));
  },
});

function examine(context: CliContext, options: FleetOptions & Json): Promise<void> {
  return withFleet(context, options, async (access) => {
    const all: (Examined & { name: string })[] = [];
    for (const { name, examine: look } of fleetExaminations) {
      const found = await look({ context, options, fleet: access });
      all.push({ name, ...found });
      if (!options.json) sayExamined(context, { name, ...found });
    }
    if (options.json) context.say(JSON.stringify(all, null, 2));
    if (all.some(({ state }) => state === 'bad')) context.exit(EXIT.unavailable);
  });
}
