/** `faultlab catalog KIND`: what there is to write in an experiment, with an example each. */
import { stringify } from 'yaml';
import type { Definition } from '../../core/catalog.js';
import { LabError } from '../../core/errors.js';
import { faults } from '../../dataplane/faults/catalog.js';
import { probes } from '../../orchestrator/probes/catalog.js';
import { checks } from '../../verify/checks/catalog.js';
import { defineCommand } from '../command.js';

const KINDS: Readonly<Record<string, readonly Definition[]>> = { faults: faults.all, checks: checks.all, probes: probes.all };

export const catalog = defineCommand({
  name: 'catalog',
  summary: 'List the faults, checks or probes that an experiment can use, with an example each.',
  example: 'faultlab catalog faults',
  configure: (command, context) => {
    command
      .argument('[kind]', Object.keys(KINDS).join(', '), 'faults')
      .option('--json', 'as JSON')
      .action((kind: string, options: { json?: true }) => {
        const all = KINDS[kind];
        if (all === undefined) throw new LabError('USAGE', { problem: `catalog ${kind}: expected ${Object.keys(KINDS).join(', ')}` });
        if (options.json) {
          context.say(
            JSON.stringify(
              all.map(({ name, summary, example }) => ({ name, summary, example })),
              null,
              2,
            ),
          );
          return;
        }
        for (const { name, summary, example } of all) {
          context.say(`${name}: ${summary}`);
          context.say(`    ${stringify(example, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`);
        }
      });
  },
});
