/** An action or a probe of a Chaos Toolkit experiment, as far as it is read. */
import { z } from 'zod';

const seconds = z.number().min(0).max(86_400);
const texts = z.union([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);

export const activitySchema = z.object({
  type: z.enum(['action', 'probe']).default('probe'),
  name: z.string().default('unnamed'),
  /** Stands for another one of that name. */
  ref: z.string().optional(),
  background: z.boolean().default(false),
  pauses: z.object({ before: seconds.default(0), after: seconds.default(0) }).nullish(),
  tolerance: z.unknown().optional(),
  provider: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('http'),
        url: z.string(),
        method: z.string().default('GET'),
        headers: z.record(z.string(), z.unknown()).optional(),
        timeout: z.union([seconds, z.array(seconds)]).optional(),
      }),
      z.object({ type: z.literal('process'), path: z.string(), arguments: texts.optional(), timeout: seconds.optional() }),
      z.object({
        type: z.literal('python'),
        module: z.string(),
        func: z.string(),
        arguments: z.record(z.string(), z.unknown()).default({}),
      }),
    ])
    .optional(),
});
export type Activity = z.output<typeof activitySchema>;
export type Provider<T extends string> = Extract<NonNullable<Activity['provider']>, { type: T }>;

/** Program and words of a process. Arguments may be one text, a list, or options by name. */
export function argvOf({ path, arguments: given }: Provider<'process'>): readonly string[] {
  if (given === undefined) return [path];
  if (typeof given === 'string') return [path, ...given.split(/\s+/).filter((word) => word !== '')];
  if (Array.isArray(given)) return [path, ...given.map(String)];
  return [path, ...Object.entries(given).flatMap(([key, value]) => (value === null || value === '' ? [key] : [key, String(value)]))];
}
