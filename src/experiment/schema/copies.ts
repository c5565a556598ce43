/** `repeat` and `foreach`: what they may say, how many steps become of it, and what is wrong with the copies, said once where it is wrong in all. */
import { z } from 'zod';
import { explainIssues } from '../../core/explain.js';
import { levelsIn } from './sweep.js';

/** Steps of a method, copies counted. */
export const STEPS_MAX = 1_000;
/** Values of a method, those of copies counted: what copies may make of a large step. */
const VALUES_MAX = 100_000;

export type RawStep = Readonly<Record<string, unknown>>;

export const repeatSchema = z.int().min(1).max(STEPS_MAX);

export const foreachSchema = z.strictObject({
  in: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .max(STEPS_MAX)
    .meta({ description: 'the values' }),
  as: z
    .string()
    .max(63)
    .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'expected a name of letters and digits')
    .default('item')
    .meta({ description: `the name of the template: \${item} if omitted` }),
  parallel: z.boolean().default(false).meta({ description: 'all at the same time; one after the other if omitted' }),
  choose: z.int().min(1).max(STEPS_MAX).optional().meta({ description: 'so many of the values, chosen by the seed; all if omitted' }),
});
export type Foreach = z.output<typeof foreachSchema>;

/** A sentence if the copies would be too many or too large to make; asked before any is made. */
export function oversize(method: unknown): string | undefined {
  if (!Array.isArray(method)) return undefined;
  const { steps, values } = sum(method.map(sizeOf));
  if (steps > STEPS_MAX) return `expected at most ${STEPS_MAX} steps, copies counted, found ${steps}`;
  if (values > VALUES_MAX) return `expected at most ${VALUES_MAX} values, those of copies counted, found ${values}`;
  return undefined;
}

interface Size {
  steps: number;
  values: number;
}

function sizeOf(step: unknown): Size {
  if (step === null || typeof step !== 'object') return { steps: 1, values: 1 };
  const { repeat, foreach, serial, parallel, choose } = step as RawStep;
  const times = typeof repeat === 'number' && repeat > 1 ? repeat : lengthOf(partOf(foreach, 'in'));
  const members = [serial, parallel, partOf(choose, 'of')].flatMap((list) => (Array.isArray(list) ? list : []) as readonly unknown[]);
  const { steps, values } = members.length === 0 ? sizeOfPlain(step as RawStep) : sum(members.map(sizeOf));
  return { steps: steps * times, values: (values + 1) * times };
}

/** A fault with a sweep is a fault and a rest at each level. */
function sizeOfPlain(step: RawStep): Size {
  const levels = levelsIn(step)?.length ?? 0;
  return { steps: Math.max(1, 2 * levels), values: Math.max(1, levels) * valuesIn(step) };
}

function sum(sizes: readonly Size[]): Size {
  return sizes.reduce((a, b) => ({ steps: a.steps + b.steps, values: a.values + b.values }), { steps: 0, values: 0 });
}

function partOf(map: unknown, key: string): unknown {
  return map !== null && typeof map === 'object' ? (map as RawStep)[key] : undefined;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? Math.max(1, list.length) : 1;
}

function valuesIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce<number>((count, part) => count + valuesIn(part), 1);
}

/** What tells the copies apart in their names: the value where it can stand in a name and is not there twice, else its place. */
export function labelsOf(items: Foreach['in']): readonly string[] {
  const texts = items.map(String);
  const isFit = texts.every((text) => /^[A-Za-z0-9_-]{1,40}$/.test(text)) && new Set(texts).size === texts.length;
  return isFit ? texts : texts.map((_, i) => `${i + 1}`);
}

/** What is wrong in all copies is wrong with the step; the rest is said with the first value that it is wrong with. */
export function explainCopies(
  parsed: readonly z.ZodSafeParseResult<unknown>[],
  { copies, foreach, plain }: { copies: readonly unknown[]; foreach: Pick<Foreach, 'as' | 'in'>; plain: z.ZodType },
): readonly { code: 'custom'; path: (string | number)[]; message: string; params: { at: 'key' | 'value' } }[] {
  const found = new Map<string, { path: (string | number)[]; message: string; at: 'key' | 'value'; first: number; count: number }>();
  for (const [i, result] of parsed.entries()) {
    for (const { path = [], message, at = 'value' } of explainIssues(result.error?.issues ?? [], { schema: plain, data: copies[i] })) {
      const known = found.get(JSON.stringify([path, message]));
      if (known !== undefined) known.count += 1;
      else found.set(JSON.stringify([path, message]), { path: [...path], message, at, first: i, count: 1 });
    }
  }
  return [...found.values()].map(({ path, message, at, first, count }) => {
    const where = count === parsed.length ? '' : ` (where ${foreach.as} is ${foreach.in[first]})`;
    return { code: 'custom', path, message: message + where, params: { at } };
  });
}
