/**
 * `sweep:` of a fault — the same fault at one severity after another, with rest between, to find out from which one on a defence notices. What a
 * reader gets wrong: it is a group of steps, one for each level; the name of the step stands for all of them.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';

/** Of one sweep; each level is a fault step and a wait. */
export const LEVELS_MAX = 50;
const PERCENTAGE = 'percentage';

/** How severe a fault is at one level. */
export interface Severity {
  /** Per cent, or milliseconds. */
  value: number;
  /** As a person would say it: `40 %`, `250ms`. */
  text: string;
}

export const sweepSchema = z
  .strictObject({
    of: z
      .string()
      .default(PERCENTAGE)
      .meta({ description: 'what grows from level to level: the percentage, or a parameter of the fault that is a duration, like delay' }),
    levels: z
      .array(z.union([z.number(), z.string()]))
      .min(1)
      .max(LEVELS_MAX)
      .meta({ description: 'from the weakest to the strongest, each on for the duration of the fault' }),
    rest: duration()
      .default(10_000)
      .meta({ description: 'without the fault, after each level; longer than anybody stays away because of it' }),
  })
  .transform(({ of, levels, rest }, context) => {
    const severities = levels.map((level, i): Severity => {
      const parsed = (of === PERCENTAGE ? percentage() : duration()).safeParse(level);
      if (parsed.success) return { value: parsed.data, text: of === PERCENTAGE ? `${parsed.data} %` : String(level) };
      context.issues.push({
        code: 'custom',
        message: parsed.error.issues[0]?.message ?? 'expected a level',
        input: level,
        path: ['levels', i],
      });
      return { value: Number.NaN, text: '' };
    });
    const out = severities.findIndex(({ value }, i) => value <= (severities[i - 1]?.value ?? Number.NEGATIVE_INFINITY));
    if (out > 0) {
      const found = `${severities[out]?.text} after ${severities[out - 1]?.text}`;
      context.issues.push({ code: 'custom', message: `expected more at each level, found ${found}`, input: levels, path: ['levels', out] });
    }
    return { of, severities, restMs: rest };
  });

type Raw = Readonly<Record<string, unknown>>;

/** The levels of a step whose fault has a sweep, as they are written; undefined for every other step. */
export function levelsIn(step: Raw): readonly unknown[] | undefined {
  const levels = partOf(partOf(step['fault'], 'sweep'), 'levels');
  return Array.isArray(levels) ? levels : undefined;
}

/** The step once for each level, with a sweep of that level alone, which says in the plan how severe it is. */
export function atEachLevel(step: Raw, of: string): readonly Raw[] {
  const fault = step['fault'] as Raw;
  const value = (fault['value'] ?? {}) as Raw;
  return (levelsIn(step) ?? []).map((level) => ({
    ...step,
    fault: {
      ...fault,
      ...(of === PERCENTAGE ? { percentage: level } : { value: { ...value, [of]: level } }),
      sweep: { of, levels: [level] },
    },
  }));
}

/** What is said beside the sweep and by it as well: the path to it inside of the step. */
export function saidTwice(step: Raw, of: string): readonly string[] | undefined {
  const path = of === PERCENTAGE ? ['fault', PERCENTAGE] : ['fault', 'value', of];
  return path.reduce<unknown>(partOf, step) === undefined ? undefined : path;
}

function partOf(map: unknown, key: string): unknown {
  return map !== null && typeof map === 'object' ? (map as Raw)[key] : undefined;
}
