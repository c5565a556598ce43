/**
 * A method of groups → its steps alone, each with all that must have ended before it. Names are made here, chance is drawn here (by the seed), and so
 * whoever carries it out knows steps and nothing else. What a reader gets wrong: what is complained about must not depend on the seed.
 */
import type { Path } from '../../core/document-path.js';
import { keyedDraw } from '../../core/random.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { Complain } from '../problem.js';
import type { Placed } from '../schema/game-day.js';
import type { ActText, GroupText, StepText } from '../schema/method.js';

/** Generated names included. Names are parts of the ids of faults. */
const NAME_LENGTH_MAX = 120;

/** A step or a group, with a name of its own. */
export interface Node {
  name: string;
  /** Where it stands in the file; copies stand in one place. */
  path: Path;
  text: StepText;
  /** What tells the copies around it apart, outermost first. */
  labels: readonly string[];
  /** It and the groups around it, innermost first. */
  within: readonly Node[];
  /** What may not be chosen: the nearest around it, or itself, that is one of a choice. */
  chance: { member: Node; group: Node } | undefined;
  /** Members that are carried out; of a step none. */
  members: readonly Node[];
}

export interface FlatStep {
  node: Node;
  act: ActText;
  startAfter: readonly string[];
}

export interface Unfolded {
  steps: readonly FlatStep[];
  /** Steps and groups that have a deadline, with the names of the steps that are meant. */
  deadlines: readonly { node: Node; steps: readonly string[]; deadlineMs: number }[];
  /** The steps that a name stands for: a group's are all of its own. Complains of what there is not, or perhaps not; from outside of the method without `from`. */
  stepsNamed(name: string, at: Path, from?: Node): readonly Node[];
}

/** A step that is short for a group; undefined for one that stands for itself. */
export type Expand = (text: StepText, named: { name: string; path: Path }) => GroupText | undefined;

export function unfold(
  method: readonly Placed<StepText>[],
  { seed, complain, expand }: { seed: number; complain: Complain; expand: Expand },
): Unfolded {
  const all: Node[] = [];
  const roots = method.map(({ text, path }, i) => nodeOf(text, { place: i, path, within: [], labels: [], seed, all, expand }));
  const index = indexOf(all, complain);
  const find = (name: string, at: Path, from?: Node): readonly Node[] => resolveName(name, { at, from, index, complain });
  const steps = roots.flatMap((root) => flatten(root, [], find).steps);
  return {
    steps,
    deadlines: all.flatMap((node) => {
      const { deadline } = node.text;
      return deadline === undefined || !isCarriedOut(node)
        ? []
        : [{ node, steps: leavesOf(node).map(({ name }) => name), deadlineMs: deadline }];
    }),
    stepsNamed: (name, at, from) => find(name, at, from).flatMap(leavesOf),
  };
}

interface Place {
  /** Among its siblings, from 0. */
  place: number;
  path: Path;
  within: readonly Node[];
  labels: readonly string[];
  label?: string | undefined;
  seed: number;
  all: Node[];
  expand: Expand;
  chance?: Node['chance'];
}

function nodeOf(written: StepText, given: Place): Node {
  const { path, within, labels, seed, all, expand } = given;
  const name = nameOf(written, given);
  const text: StepText = { ...written, act: expand(written, { name, path }) ?? written.act };
  const node: Node = { name, path, text, labels, within: [], chance: undefined, members: [] };
  node.within = [node, ...within];
  const inherited = within[0]?.chance;
  node.chance = isRandom(within[0]) && within[0] !== undefined ? { member: node, group: within[0] } : inherited;
  all.push(node);
  if (text.act.kind !== 'group') return node;
  const group = text.act as GroupText;
  const members = group.members.map(({ step, at, label }, i) =>
    nodeOf(step, {
      place: i,
      path: [...path, ...at],
      within: node.within,
      labels: label === undefined ? labels : [...labels, label],
      label,
      seed,
      all,
      expand,
    }),
  );
  node.members = chosen(members, { count: group.count, name: node.name, seed });
  return node;
}

function isRandom(group: Node | undefined): boolean {
  return group?.text.act.kind === 'group' && (group.text.act as GroupText).count !== undefined;
}

/** `hit`, in the second of three copies `hit.2`; without a name of its own `wait-3`, `storm.wait-3`. A copy that names itself by its value stays as it is. */
function nameOf({ name, act }: StepText, { place, within, labels, label }: Place): string {
  const [group] = within;
  if (label !== undefined && (name === undefined || name === group?.text.name)) return `${group?.name}.${label}`;
  if (name !== undefined) return [name, ...labels].join('.');
  const own = `${act.kind}-${place + 1}`;
  return group === undefined ? own : `${group.name}.${own}`;
}

/** As many as are asked for, in the order of the file. Each has a place in the draw by itself, so another count keeps whom it can. */
function chosen(
  members: readonly Node[],
  { count, name, seed }: { count: number | undefined; name: string; seed: number },
): readonly Node[] {
  if (count === undefined) return members;
  const draw = keyedDraw({ seed, faultId: `choose ${name}` });
  const order = members.map((node, i) => ({ node, i, u: draw(String(i), 0) })).sort((a, b) => a.u - b.u);
  return order
    .slice(0, count)
    .sort((a, b) => a.i - b.i)
    .map(({ node }) => node);
}

/** Names, and names without the labels of copies, which stand for all of them. */
function indexOf(all: readonly Node[], complain: Complain): ReadonlyMap<string, readonly Node[]> {
  const index = new Map<string, Node[]>();
  const told = new Set<string>();
  for (const node of all) {
    const problem = problemOf(node, index);
    index.set(node.name, [node]);
    // Copies stand in one place, and have the same slip.
    if (problem === undefined || told.has(JSON.stringify(node.path))) continue;
    told.add(JSON.stringify(node.path));
    complain(node.text.name === undefined ? node.path : [...node.path, 'name'], problem);
  }
  for (const node of all) for (const alias of aliasesOf(node)) addAlias(index, alias, node);
  return index;
}

function problemOf({ name, text: { act } }: Node, index: ReadonlyMap<string, unknown>): string | undefined {
  if (index.has(name)) return `two steps are named "${name}"`;
  if (name.length > NAME_LENGTH_MAX)
    return `expected a name of at most ${NAME_LENGTH_MAX} characters, those of copies included, found ${name.length}`;
  if (act.kind !== 'group') return undefined;
  const { count = 0, members } = act as GroupText;
  return count > members.length ? `expected at most ${members.length} to choose, found ${count}` : undefined;
}

function aliasesOf({ text: { name }, labels }: Node): readonly string[] {
  return name === undefined ? [] : labels.map((_, kept) => [name, ...labels.slice(0, kept)].join('.'));
}

/** A group has its copies for members already. */
function addAlias(index: Map<string, Node[]>, alias: string, node: Node): void {
  const known = index.get(alias);
  if (known === undefined) index.set(alias, [node]);
  else if (known[0]?.name !== alias) known.push(node);
}

/** The nearest of that name: in the same copy, else in the one around it, else anywhere. */
function resolveName(
  name: string,
  { at, from, index, complain }: { at: Path; from: Node | undefined; index: ReadonlyMap<string, readonly Node[]>; complain: Complain },
): readonly Node[] {
  const labels = from?.labels ?? [];
  const names = labels.map((_, i) => [name, ...labels.slice(0, labels.length - i)].join('.'));
  const nodes = [...names, name].map((candidate) => index.get(candidate)).find((found) => found !== undefined);
  if (nodes === undefined) {
    complain(at, `unknown step "${name}"${didYouMean(name, [...index.keys()])}`);
    return [];
  }
  const doubtful = nodes.find(({ chance }) => chance !== undefined && !from?.within.includes(chance.member));
  if (doubtful?.chance === undefined) return nodes;
  const { members } = doubtful.chance.group.text.act as GroupText;
  complain(
    at,
    `"${name}" is one of ${members.length} to choose from and may not be chosen; name the choice, "${doubtful.chance.group.name}"`,
  );
  return [];
}

/** The steps of a node, and those of them that nothing in it waits for. */
function flatten(
  node: Node,
  before: readonly string[],
  find: Unfolded['stepsNamed'],
): { steps: readonly FlatStep[]; ends: readonly string[] } {
  const { startAfter, act } = node.text;
  const named = startAfter.flatMap((name, i) => {
    const at = startAfter.length === 1 ? [...node.path, 'startAfter'] : [...node.path, 'startAfter', i];
    return find(name, at, node).flatMap(endsOf);
  });
  const all = [...new Set([...before, ...named])];
  if (act.kind !== 'group') return { steps: [{ node, act: act as ActText, startAfter: all }], ends: [node.name] };
  const isSerial = (act as GroupText).order === 'serial';
  const steps: FlatStep[] = [];
  let last = all;
  for (const member of node.members) {
    const flat = flatten(member, isSerial ? last : all, find);
    steps.push(...flat.steps);
    if (isSerial) last = [...flat.ends];
  }
  return { steps, ends: endsOf(node) };
}

/** The steps that a node has ended with. */
function endsOf(node: Node): readonly string[] {
  const { act } = node.text;
  if (act.kind !== 'group') return [node.name];
  return (act as GroupText).order === 'serial' ? node.members.slice(-1).flatMap(endsOf) : node.members.flatMap(endsOf);
}

function leavesOf(node: Node): readonly Node[] {
  return node.text.act.kind === 'group' ? node.members.flatMap(leavesOf) : [node];
}

/** Everything around it was chosen. */
function isCarriedOut({ within }: Node): boolean {
  return within.every((node, i) => within[i + 1]?.members.includes(node) ?? true);
}

/** In words, for messages: `hit.1, hit.2`. */
export function namesOf(nodes: readonly Node[]): string {
  return listed(nodes.map(({ name }) => name));
}
