/** `faultlab fault add`: one fault on one proxy, in the words of an experiment; keys that hold more than one value are written as YAML. */
import type { Command } from 'commander';
import { LabError } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';
import { faults } from '../dataplane/faults/catalog.js';
import { faultSpecSchema } from '../dataplane/faults/spec.js';
import { parsePercentage, parseYaml } from './change-fault.js';
import type { CliContext } from './command.js';
import { type ConnectOptions, connectDaemon } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';
import { type Attributes, addAttribute, addLastingFault } from './lasting-fault.js';

/** Keys of a fault that are passed on as they were given. */
interface SpecOptions {
  value?: unknown;
  percentage: number;
  direction?: string;
  lease: string;
  source?: string[];
  match?: unknown;
  exclude?: unknown;
  keyBy?: string;
  cohort?: string;
  ramp?: unknown;
  pulse?: unknown;
  first?: number;
  nth?: number;
  every?: number;
  maxActive?: number;
}

interface AddOptions extends ConnectOptions, SpecOptions {
  id?: string;
  untilRemoved?: true;
  attribute?: Attributes;
  json?: true;
}

type Keys = ReadonlySet<string>;
const ONLY_UNTIL_REMOVED: Keys = new Set<keyof AddOptions>(['attribute']);
const ONLY_WITH_LEASE: Keys = new Set<keyof AddOptions>([
  'lease',
  'source',
  'match',
  'exclude',
  'keyBy',
  'cohort',
  'ramp',
  'pulse',
  'first',
  'nth',
  'every',
  'maxActive',
]);

export function addAddCommand(command: Command, context: CliContext): void {
  const add = addDaemonCommand(command, {
    name: 'add',
    summary: 'Add one fault to a proxy; it ends by itself after its lease.',
    example: 'faultlab fault add payments latency --value "{latency: 100ms}" --percentage 40 --lease 60s',
    aliases: ['a'],
  })
    .argument('<proxy>', 'name of the proxy')
    .argument('<type>', 'fault type, see `faultlab catalog faults`')
    .option('--id <name>', 'name of the fault; TYPE-PROXY if omitted')
    .option('--value <yaml>', 'parameters of the type', parseYaml)
    .option('--direction <way>', 'up, down or both')
    .option('--lease <duration>', 'how long it lives', '60s');
  addChoiceOptions(add)
    .option('--until-removed', 'it has no lease; types and attributes may be Toxiproxy’s')
    .option('--attribute <name=value>', 'one parameter of such a fault; may be repeated', addAttribute)
    .option('--json', 'as JSON')
    .action((proxy: string, type: string, options: AddOptions) => {
      refuseIgnored(add, options);
      return addFault({ proxy, type, options }, context);
    });
}

/** The two kinds of fault take different options, and one that is quietly ignored would fault far more than was asked for. */
function refuseIgnored(command: Command, { untilRemoved }: AddOptions): void {
  const ignored = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .filter((option) => (untilRemoved ? ONLY_WITH_LEASE : ONLY_UNTIL_REMOVED).has(option.attributeName()))
    .map((option) => option.long);
  if (ignored.length === 0) return;
  const problem = untilRemoved
    ? 'a fault that lives until it is removed takes no such option; leave it out, or --until-removed'
    : 'a fault with a lease has its parameters in --value; write them there, or add --until-removed';
  throw new LabError('USAGE', { problem: `${ignored.join(', ')}: ${problem}` });
}

/** Whom it hits. */
function addChoiceOptions(command: Command): Command {
  return command
    .option('--percentage <number>', 'share of what matches', parsePercentage, 100)
    .option('--key-by <key>', 'what the share and the counts go by: request, connection, instance, header:NAME, jsonpath:$.x')
    .option('--cohort <name>', 'faults of one cohort choose the same victims')
    .option('--source <networks...>', 'only callers of these addresses or networks')
    .option('--match <yaml>', 'only such messages, like "{path: /stock*, method: GET}"', parseYaml)
    .option('--exclude <yaml>', 'never such messages, like probes or "[probes, {path: /admin*}]"', parseYaml)
    .option('--ramp <yaml>', 'a percentage that grows, like "{from: 0, to: 50, step: 10, every: 30s}"', parseYaml)
    .option('--pulse <yaml>', 'on and off in turn, like "{active: 5s, dormant: 10s}"', parseYaml)
    .option('--first <number>', 'only the first so many of what matches', Number)
    .option('--nth <number>', 'only this one of what matches', Number)
    .option('--every <number>', 'only one in so many of what matches', Number)
    .option('--max-active <number>', 'no more than so many at a time', Number);
}

/** The option that a key of a fault is given by: `keyBy` is `--key-by`, and what is further in stands behind it. */
function optionOf(path: string): string {
  return `--${path.replace(/^[A-Za-z]+/, (key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))}`;
}

async function addFault(given: { proxy: string; type: string; options: AddOptions }, context: CliContext): Promise<void> {
  const { proxy, type, options } = given;
  const { id = `${type}-${proxy}`, untilRemoved, attribute, json, connect, tokenFile, ...keys } = options;
  if (untilRemoved) {
    const attributes = { ...(keys.value as Attributes | undefined), ...attribute };
    const fault = { name: options.id, type, direction: keys.direction, percentage: keys.percentage, attributes };
    const added = await addLastingFault(options, proxy, fault);
    context.say(json ? JSON.stringify(added, null, 2) : `${added.name} is on ${proxy} until it is removed`);
    return;
  }
  const { lease } = keys;
  const data = { id, type, proxies: [proxy], ...keys };
  const spec = faultSpecSchema.safeParse(data);
  if (!spec.success)
    throw new LabError('USAGE', { problem: explainInLine(spec.error, { schema: faultSpecSchema, data, named: optionOf }) });
  const daemon = connectDaemon({ connect, ...(tokenFile !== undefined && { tokenFile }) });
  await daemon.inject([{ ...spec.data, duration: spec.data.lease }]);
  if (json) {
    context.say(JSON.stringify({ id, lease }));
    return;
  }
  context.say(`${id} is on for ${lease}; \`faultlab fault remove ${id}\` ends it earlier`);
  const sibling = siblingOf(type);
  const carries = (await daemon.proxies()).find(({ name }) => name === proxy)?.protocol;
  if (sibling !== undefined && carries !== 'tcp') context.say(`${type} acts on whole connections; for single requests there is ${sibling}`);
}

/** The fault that does to a request what this one does to a connection. */
function siblingOf(type: string): string | undefined {
  const definition = faults.get(type);
  return definition !== undefined && 'forRequests' in definition ? definition.forRequests : undefined;
}
