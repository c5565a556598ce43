/** `play:` with every name that it uses found: services, inputs that are switched and what they may be, and faults of one click. */
import type { Catalog } from '../../core/catalog.js';
import type { Path } from '../../core/document-path.js';
import { explainInLine } from '../../core/explain.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { AnyFault } from '../../dataplane/faults/topology-fault.js';
import type { RecordedDefence, RecordedPlay, RecordedPlayAct } from '../../journal/recorded-play.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';
import { type InputDeclaration, inputProblem } from '../schema/inputs.js';

type Play = NonNullable<Experiment['play']>;

/** Undefined where nobody is to play with it. */
export function resolvePlay(
  { play, topology, inputs }: Pick<Experiment, 'play' | 'topology' | 'inputs'>,
  { faults, complain }: { faults: Catalog<AnyFault>; complain: Complain },
): RecordedPlay | undefined {
  if (play === undefined) return undefined;
  checkServices(play, Object.keys(topology.services), complain);
  return {
    ...play,
    defences: play.defences.flatMap((defence, i) => resolveDefence(defence, { inputs, complain, path: ['play', 'defences', i] }) ?? []),
    acts: play.acts.flatMap((act, i) => resolveAct(act, { faults, complain, path: ['play', 'acts', i] }) ?? []),
  };
}

function checkServices({ words, counts, acts }: Play, known: readonly string[], complain: Complain): void {
  const check = (service: string | undefined, path: readonly (string | number)[]): void => {
    if (service === undefined || known.includes(service)) return;
    complain(['play', ...path], `unknown service "${service}"${didYouMean(service, known)}`);
  };
  for (const [i, { service }] of words.entries()) check(service, ['words', i, 'service']);
  for (const [i, { from, to }] of counts.entries()) {
    check(from, ['counts', i, 'from']);
    check(to, ['counts', i, 'to']);
  }
  for (const [i, { service, from }] of acts.entries()) {
    check(service, ['acts', i, 'service']);
    check(from, ['acts', i, 'from']);
  }
}

function resolveDefence(
  { input, values: given }: Play['defences'][number],
  { inputs, complain, path }: { inputs: Experiment['inputs']; complain: Complain; path: Path },
): RecordedDefence | undefined {
  const declared = inputs[input];
  if (declared === undefined) {
    complain([...path, 'input'], `unknown input "${input}"${didYouMean(input, Object.keys(inputs))}`);
    return undefined;
  }
  const values = given ?? allValues(declared);
  if (values === undefined)
    complain([...path, 'input'], `${input} may be anything of its type: expected \`values\` that it is switched between`);
  for (const [i, value] of (given ?? []).entries()) {
    const problem = inputProblem(declared, value);
    if (problem !== undefined) complain([...path, 'values', i], problem);
  }
  return values && { input, about: declared.description ?? '', values };
}

/** Undefined where there is no end of them. */
function allValues(declared: InputDeclaration): readonly string[] | undefined {
  if (declared.type === 'boolean') return ['true', 'false'];
  return declared.type === 'string' ? declared.enum : undefined;
}

function resolveAct(
  { from, ...act }: Play['acts'][number],
  { faults, complain, path }: { faults: Catalog<AnyFault>; complain: Complain; path: Path },
): RecordedPlayAct | undefined {
  const { type, value, percentage } = act.fault;
  const definition = faults.get(type);
  if (definition === undefined || definition.protocol === 'topology') {
    const known = faults.all.flatMap(({ name, protocol }) => (protocol === 'topology' ? [] : [name]));
    complain(
      [...path, 'fault', 'type'],
      `expected a fault on a link or a process, like ${listed(known.slice(0, 3))}, found "${type}"${didYouMean(type, known)}`,
    );
    return undefined;
  }
  const parsed = definition.schema.safeParse(value ?? {});
  if (!parsed.success)
    complain([...path, 'fault', 'value'], explainInLine(parsed.error, { schema: definition.schema, data: value ?? {}, what: type }));
  const isOnProcess = definition.protocol === 'process';
  if (isOnProcess && from !== undefined) complain([...path, 'from'], `${type} is on the process, whoever calls it`);
  const fault = { type, ...(value !== undefined && { value }), ...(percentage !== undefined && { percentage }) };
  return { ...act, fault, isOnProcess, ...(from !== undefined && { from }) };
}
