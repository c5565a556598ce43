/** `faultlab export`: the links and faults of an experiment for other tools, with a list of what they cannot carry. */
import { toxiproxyConfig } from '../../interchange/toxiproxy-config.js';
import { defineCommand } from '../command.js';
import { collectVariable, parseSeed, planFile, type Variables } from '../experiment-files.js';

const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write the links and faults of an experiment as a Toxiproxy configuration.',
  example: 'faultlab export experiments/gray-failure.yaml > toxiproxy.json',
  configure: (command, context) => {
    command
      .argument('<file>', 'an experiment')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .option('--seed <number>', 'seed of the choice of targets', parseSeed)
      .action(async (file: string, options: { var: Variables; seed?: number }) => {
        const plan = await planFile(file, { variables: options.var, seed: options.seed });
        const { proxies, notCarried } = toxiproxyConfig(plan);
        context.say(JSON.stringify(proxies, null, 2));
        for (const line of notCarried) context.warn(`not carried: ${line}`);
      });
  },
});

export { exportCommand as export };
