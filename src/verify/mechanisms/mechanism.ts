/**
 * The shape of a mechanism: the settings by which one kind of defence is declared under `topology.policies`, in the words of the products that have
 * it. A declaration is no promise; checks and preflight hold what was seen, or what could be seen, against it.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { RecordedPlan, RecordedPolicy } from '../../journal/events.js';

export interface Mechanism<S extends z.ZodType = z.ZodType> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
}

/** Keeps the schema's type for `declared`; the erased form is what the catalog holds. */
export function defineMechanism<S extends z.ZodType>(mechanism: Mechanism<S>): Mechanism<S> {
  return mechanism;
}

/** What was declared of one mechanism, and between whom. */
export interface Declared<Settings> extends Pick<RecordedPolicy, 'name' | 'from' | 'to'> {
  /** As the mechanism's schema understood them: times in milliseconds; what was not said is left out. */
  settings: Settings;
}

/** The settings of a mechanism under the policy of that name; undefined if the plan has no such policy, or it declares another mechanism. */
export function declared<S extends z.ZodType>(
  plan: RecordedPlan,
  policy: string,
  { name: mechanism }: Mechanism<S>,
): Declared<z.output<S>> | undefined {
  const found = plan.policies?.find(({ name }) => name === policy);
  if (found === undefined || !Object.hasOwn(found.settings, mechanism)) return undefined;
  const { name, from, to, settings } = found;
  // What stands there was made by this mechanism's own schema when the plan was.
  return { name, from, to, settings: settings[mechanism] as z.output<S> };
}
