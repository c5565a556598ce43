/**
 * `stagger:` — the same fault on one instance after another: a fault step that has it becomes a group of them, each with a wait before it. Here and
 * not where the file is read, because only now is it known who is meant; whom chance chooses is drawn as for the step itself.
 */
import type { Path } from '../../core/document-path.js';
import type { FaultText } from '../schema/fault.js';
import type { GroupText, MemberText, StepText } from '../schema/method.js';
import type { SelectorText } from '../schema/selector.js';
import { resolveInstances, resolveScope, type TargetContext } from './target.js';

/** The group that a step stands for; undefined for a step without, and for one whose target means nobody, which is told of when that step is resolved. */
export function staggered(text: StepText, { path, context }: { path: Path; context: TargetContext }): GroupText | undefined {
  const { kind, given } = text.act as { kind: string; given?: Partial<FaultText> };
  if (kind !== 'fault' || given?.stagger === undefined) return undefined;
  const { stagger: everyMs, ...fault } = given as FaultText & { stagger: number };
  const problem = obstacleOf(fault);
  if (problem !== undefined) context.complain([...path, 'fault', 'stagger'], problem);
  const targets = problem === undefined ? targetsOf(fault, { ...context, complain: () => {} }) : undefined;
  if (targets === undefined) return undefined;
  if (targets === 'open') {
    context.complain(
      [...path, 'fault', 'stagger'],
      'expected instances that are known before the run; who holds a role is asked for when it begins',
    );
    return undefined;
  }
  const members = targets.map(({ instance, target }, i) => memberOf(instance, { fault: { ...fault, ...target }, waitMs: i * everyMs }));
  return { kind: 'group', order: 'parallel', members };
}

function obstacleOf({ among, sweep }: FaultText): string | undefined {
  if (among !== undefined) return 'expected a target: a partition of a group comes all at once';
  return sweep === undefined ? undefined : 'expected stagger or sweep, found both';
}

type Target = Pick<FaultText, 'target' | 'processesOf'>;

/** One for each instance, in the order of the topology. */
function targetsOf(fault: FaultText, context: TargetContext): readonly { instance: string; target: Target }[] | 'open' | undefined {
  const only = (...instances: readonly string[]): SelectorText => ({
    names: instances.map((name) => `${context.topology.serviceOf.get(name)?.name}/${name}`),
    labels: {},
  });
  if (fault.processesOf !== undefined) {
    const whom = resolveInstances(fault.processesOf, [], context);
    if (whom === undefined || whom.openRoles.length > 0) return whom && 'open';
    return whom.instances.map((instance) => ({ instance, target: { processesOf: only(instance) } }));
  }
  const scope = resolveScope(fault, [], context);
  if (scope?.kind !== 'links' || scope.openRoles.length > 0) return scope && 'open';
  return [...new Set(scope.links.map(({ to }) => to))].map((instance) => {
    const from = scope.links.filter(({ to }) => to === instance).map((link) => link.from);
    return { instance, target: { target: { from: only(...from), to: only(instance) } } };
  });
}

function memberOf(instance: string, { fault, waitMs }: { fault: FaultText; waitMs: number }): MemberText {
  const alone = { startAfter: [] };
  const hit: StepText = { ...alone, act: { kind: 'fault', given: fault } };
  if (waitMs === 0) return { step: hit, at: [], label: instance };
  const wait: StepText = { ...alone, act: { kind: 'wait', given: waitMs } };
  const members = [
    { step: wait, at: [], label: 'wait' },
    { step: hit, at: [], label: 'fault' },
  ];
  return { step: { ...alone, act: { kind: 'group', order: 'serial', members } }, at: [], label: instance };
}
