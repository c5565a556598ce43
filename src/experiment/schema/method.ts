/**
 * `method:` — the steps. What a step does stands behind the key of its kind, which comes from the catalog of step kinds, or it is made of other steps.
 * Copies (`repeat`, `foreach`) are made here, so that each is checked with its own values; order and chance are the plan's business.
 */
import { z } from 'zod';
import type { Path } from '../../core/document-path.js';
import { isMap } from '../../core/is-map.js';
import { listed } from '../../core/suggest.js';
import { duration } from '../../core/units.js';
import { parseInto, readBy } from '../../core/written.js';
import type { Catalogs } from '../catalogs.js';
import { fillForeach } from '../template.js';
import { explainCopies, foreachSchema, labelsOf, oversize, type RawStep, repeatSchema, STEPS_MAX } from './copies.js';
import { atEachLevel, levelsIn, saidTwice, sweepSchema } from './sweep.js';
import { name, oneOrMore } from './words.js';

/** A step as written: one act, or a group of others. */
export interface StepText {
  /** Generated from its place if left out. */
  name?: string | undefined;
  startAfter: string[];
  /** Milliseconds after its start by which it must have ended. */
  deadline?: number | undefined;
  act: ActText | GroupText;
}

export interface ActText {
  /** A member of the catalog of step kinds. */
  kind: string;
  /** What stands behind its key, as the kind's schema understands it. */
  given: unknown;
}

export interface GroupText {
  kind: 'group';
  order: 'serial' | 'parallel';
  /** So many of the members, by the seed; all if left out. */
  count?: number | undefined;
  members: readonly MemberText[];
}

export interface MemberText {
  step: StepText;
  /** Where it stands, from the group on; a copy stands where the group stands. */
  at: Path;
  /** What tells a copy from the others: `pay-1`, `2`. */
  label?: string | undefined;
}

const GROUPS = ['serial', 'parallel', 'choose'] as const;
const WHAT_IT_IS = 'what it does, or the steps that it is made of';

export function methodSchema(catalogs: Catalogs): z.ZodType<StepText[], unknown> {
  const list = z.array(stepSchema(catalogs)).min(1).max(STEPS_MAX);
  return readBy(
    () => list,
    (value, context) => {
      const problem = oversize(value);
      if (problem === undefined) return parseInto(list, value, context) ?? z.NEVER;
      context.issues.push({ code: 'custom', message: problem, input: value, path: [] });
      return z.NEVER;
    },
  );
}

function stepSchema(catalogs: Catalogs): z.ZodType<StepText, unknown> {
  const step: z.ZodType<StepText, unknown> = readBy(() => plain, readStep);
  const single: z.ZodType<StepText, unknown> = readBy(() => plain, readSingle);
  const members = z.array(step).min(1).max(STEPS_MAX);
  const kinds = catalogs.steps.all.map((kind) => [kind.name, kind.schema(catalogs).optional()] as const);
  const acts = [...catalogs.steps.names, ...GROUPS];
  const actOf = (given: Readonly<Record<string, unknown>>) => acts.filter((act) => given[act] !== undefined);
  const plain: z.ZodType<StepText, unknown> = z
    .strictObject({
      name: name().optional().meta({ description: 'unique among the steps; from its kind and place if omitted' }),
      startAfter: oneOrMore(z.string())
        .default([])
        .meta({ description: 'steps that must have ended first; omitted: starts with the method, or as its group says' }),
      deadline: duration({ minMs: 1 })
        .optional()
        .meta({ description: 'it must have ended so long after its start, else the run stops and heals' }),
      repeat: repeatSchema.optional().meta({ description: 'so many times, one after the other; copies are named NAME.1, NAME.2 …' }),
      foreach: foreachSchema.optional().meta({ description: 'once for each value, which its texts hold as a template' }),
      serial: members.optional().meta({ description: 'steps, one after the other' }),
      parallel: members.optional().meta({ description: 'steps side by side; it ends with the last of them' }),
      choose: z
        .strictObject({
          of: members.meta({ description: 'the steps to choose from' }),
          count: z.int().min(1).max(STEPS_MAX).default(1).meta({ description: 'how many of them' }),
        })
        .optional()
        .meta({ description: 'some of these steps, chosen by the seed, one after the other' }),
      ...Object.fromEntries(kinds),
    })
    .refine((given) => actOf(given).length === 1, `expected exactly one of ${listed(acts)}`)
    .transform((given) => stepText(given, actOf(given)[0] ?? ''))
    .meta({ title: 'step', description: WHAT_IT_IS });

  function readStep(value: unknown, context: z.core.$RefinementCtx): StepText {
    if (!isMap(value) || (value['foreach'] === undefined && value['repeat'] === undefined)) return readSingle(value, context);
    return readCopies(value, single, context) ?? z.NEVER;
  }
  function readSingle(value: unknown, context: z.core.$RefinementCtx): StepText {
    if (!isMap(value) || levelsIn(value) === undefined) return parseInto(plain, value, context) ?? z.NEVER;
    return readLevels(value, plain, context) ?? z.NEVER;
  }
  return step;
}

interface Given {
  name?: string | undefined;
  startAfter: string[];
  deadline?: number | undefined;
  serial?: StepText[] | undefined;
  parallel?: StepText[] | undefined;
  choose?: { of: StepText[]; count: number } | undefined;
}

function stepText(all: Given & Readonly<Record<string, unknown>>, act: string): StepText {
  const { name: given, startAfter, deadline, serial, parallel, choose } = all;
  const head = { name: given, startAfter, deadline };
  const members = (steps: readonly StepText[], ...at: string[]): MemberText[] => steps.map((step, i) => ({ step, at: [...at, i] }));
  if (serial !== undefined) return { ...head, act: { kind: 'group', order: 'serial', members: members(serial, 'serial') } };
  if (parallel !== undefined) return { ...head, act: { kind: 'group', order: 'parallel', members: members(parallel, 'parallel') } };
  if (choose === undefined) return { ...head, act: { kind: act, given: all[act] } };
  return { ...head, act: { kind: 'group', order: 'serial', count: choose.count, members: members(choose.of, 'choose', 'of') } };
}

const head = z.object({
  name: name().optional(),
  startAfter: oneOrMore(z.string()).default([]),
  deadline: duration({ minMs: 1 }).optional(),
});
const modifiers = head.extend({ repeat: repeatSchema.optional(), foreach: foreachSchema.optional() });

/** A group of copies. What the step says of order and time is the group's; what it does is each copy's. */
function readCopies(raw: RawStep, plain: z.ZodType<StepText, unknown>, context: z.core.$RefinementCtx): StepText | undefined {
  const group = parseInto(modifiers, raw, context);
  if (group === undefined) return undefined;
  const { repeat, foreach, ...own } = group;
  const { repeat: _repeat, foreach: _foreach, startAfter: _startAfter, deadline: _deadline, ...body } = raw;
  if (foreach === undefined) {
    const step = parseInto(plain, body, context);
    if (step === undefined) return undefined;
    const members = Array.from({ length: repeat ?? 1 }, (_, i): MemberText => ({ step, at: [], label: `${i + 1}` }));
    return { ...own, act: { kind: 'group', order: 'serial', members } };
  }
  if (repeat !== undefined) {
    context.issues.push({
      code: 'custom',
      message: 'expected either foreach or repeat, found both; put one around the other with serial',
      input: raw,
      path: ['repeat'],
    });
    return undefined;
  }
  const copies = foreach.in.map((item) => fillForeach(body, { name: foreach.as, item }));
  const parsed = copies.map((copy) => plain.safeParse(copy));
  const steps = parsed.flatMap((result) => (result.success ? [result.data] : []));
  if (steps.length < copies.length) {
    for (const issue of explainCopies(parsed, { copies, foreach, plain })) context.issues.push({ ...issue, input: raw });
    return undefined;
  }
  const labels = labelsOf(foreach.in);
  const members = steps.map((step, i): MemberText => ({ step, at: [], label: labels[i] }));
  return { ...own, act: { kind: 'group', order: foreach.parallel ? 'parallel' : 'serial', count: foreach.choose, members } };
}

/** A fault with a sweep as a group: the fault at each level, and a rest after each. */
function readLevels(raw: RawStep, plain: z.ZodType<StepText, unknown>, context: z.core.$RefinementCtx): StepText | undefined {
  const group = parseInto(head, raw, context);
  const sweep = sweepSchema.safeParse((raw['fault'] as RawStep)['sweep']);
  if (group === undefined) return undefined;
  // Whatever is wrong with the sweep itself is said by the schema of which it is a part.
  if (!sweep.success) return parseInto(plain, raw, context);
  const { of, restMs } = sweep.data;
  const twice = saidTwice(raw, of);
  if (twice !== undefined) {
    context.issues.push({ code: 'custom', message: 'the levels of the sweep say this; leave it out', input: raw, path: [...twice] });
    return undefined;
  }
  const { startAfter: _startAfter, deadline: _deadline, ...body } = raw;
  const copies = atEachLevel(body, of);
  const parsed = copies.map((copy) => plain.safeParse(copy));
  const faults = parsed.flatMap((result) => (result.success ? [result.data] : []));
  const levels = (levelsIn(raw) ?? []).map(String);
  if (faults.length < copies.length) {
    for (const issue of explainCopies(parsed, { copies, foreach: { as: of, in: levels }, plain }))
      context.issues.push({ ...issue, input: raw });
    return undefined;
  }
  const labels = labelsOf(levels);
  const rest: StepText = { startAfter: [], act: { kind: 'wait', given: restMs } };
  const members = faults.flatMap((step, i): MemberText[] => [
    { step, at: [], label: labels[i] },
    { step: rest, at: [] },
  ]);
  // A single level is what a level looks like by itself.
  if (members.length === 2 && faults[0] !== undefined) return { ...group, act: faults[0].act };
  return { ...group, act: { kind: 'group', order: 'serial', members } };
}
