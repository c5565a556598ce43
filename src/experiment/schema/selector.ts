/**
 * Who is meant: instances by name, service, label or role, and of these all, some, or a share. A bare name is the short form. Which instances
 * that are is decided when the plan is made, by the seed; a role is found by asking, and so only in the run.
 */
import { z } from 'zod';
import { percentage } from '../../core/units.js';
import { name, oneOrMore } from './words.js';

/** Labels of an instance that is meant: each of them has to be there. */
const labels = () => z.record(name(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

export interface SelectorText {
  /** `SERVICE`, `SERVICE/INSTANCE` or `*`; empty: anybody whom the rest fits. */
  names: readonly string[];
  labels: Readonly<Record<string, string>>;
  role?: string | undefined;
  count?: number | undefined;
  percentage?: number | undefined;
}

const parts = z.strictObject({
  service: oneOrMore(z.string()).optional().meta({ description: 'SERVICE, SERVICE/INSTANCE or *, or several of them' }),
  labels: labels().optional().meta({ description: 'labels that an instance must have, like {zone: a}' }),
  role: name().optional().meta({ description: 'a role of topology.roles, found by asking when the method starts' }),
  count: z.int().min(1).max(1_000).optional().meta({ description: 'so many of them, drawn by the seed' }),
  percentage: percentage()
    .optional()
    .meta({ description: 'such a share of them, drawn by the seed and rounded up; those of a smaller share are among those of a larger' }),
});

/** What keeps the parts from meaning somebody. */
function obstacleOf({ service, labels, role, count, percentage }: z.output<typeof parts>): string | undefined {
  if (service === undefined && labels === undefined && role === undefined) return 'expected at least one of service, labels, role';
  return count === undefined || percentage === undefined ? undefined : 'expected count or percentage, found both';
}

export const selectorSchema = (who: string) =>
  z
    .union([oneOrMore(z.string()), parts])
    .transform((given, context): SelectorText => {
      if (Array.isArray(given)) return { names: given, labels: {} };
      const problem = obstacleOf(given);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      const { service: names = [], labels = {}, ...rest } = given;
      return { names, labels, ...rest };
    })
    .meta({
      description: `${who}: SERVICE (all its instances), SERVICE/INSTANCE, *, a list, or {service, labels, role, count, percentage}`,
    });
