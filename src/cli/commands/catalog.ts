/** `faultlab catalog KIND`: what there is to write in an experiment, with an example each. */
import { stringify } from 'yaml';
import type { Definition } from '../../core/catalog.js';
import { LabError } from '../../core/errors.js';
import { faults } from '../../dataplane/faults/catalog.js';
import { describeProfile, NETWORK_PROFILE_NAMES, type NetworkProfile, networkProfiles } from '../../dataplane/faults/network-profiles.js';
import { network } from '../../dataplane/faults/tcp/network.js';
import { probes } from '../../orchestrator/probes/catalog.js';
import { stepKinds } from '../../orchestrator/steps/catalog.js';
import { checks } from '../../verify/checks/catalog.js';
import { defineCommand } from '../command.js';

type Listed = Pick<Definition, 'name' | 'summary' | 'example'>;

/** Not plugins, but values of one: listed with what to write. */
const profiles = NETWORK_PROFILE_NAMES.map((profile): Listed => {
  const figures: NetworkProfile = networkProfiles[profile];
  return { name: profile, summary: `${figures.summary} ${describeProfile(figures)}.`, example: { type: network.name, value: { profile } } };
});

const KINDS: Readonly<Record<string, readonly Listed[]>> = {
  faults: faults.all,
  checks: checks.all,
  probes: probes.all,
  steps: stepKinds.all,
  profiles,
};

export const catalog = defineCommand({
  name: 'catalog',
  summary: 'List the faults, checks, probes, steps or network profiles that an experiment can use, with an example each.',
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
