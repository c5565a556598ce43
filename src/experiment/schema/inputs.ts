/** `inputs:` — the knobs of an experiment. Each has a type, so that `--var` is checked before anything starts; quantities stay text until they are used. */
import { z } from 'zod';
import { listed } from '../../core/suggest.js';
import { duration, percentage, rate } from '../../core/units.js';
import { written } from '../../core/written.js';
import type { Complain } from '../problem.js';
import type { InputValue } from '../template.js';
import { name } from './words.js';

const description = z.string().optional().meta({ description: 'what turning this knob does' });
const quantity = <T extends string, S extends z.ZodType>(type: T, schema: S) =>
  z.strictObject({ type: z.literal(type), description, default: written(schema).optional() });

const declaration = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('string'),
      description,
      default: z.string().optional(),
      enum: z.array(z.string()).min(1).optional().meta({ description: 'the values it may have' }),
    })
    .refine((input) => input.default === undefined || (input.enum?.includes(input.default) ?? true), {
      path: ['default'],
      error: (issue) => {
        const { enum: allowed, default: found } = issue.input as { enum: string[]; default: string };
        return `expected one of ${listed(allowed)}, found "${found}"`;
      },
    }),
  z.strictObject({ type: z.literal('number'), description, default: z.number().optional() }),
  z.strictObject({ type: z.literal('boolean'), description, default: z.boolean().optional() }),
  quantity('rate', rate()),
  quantity('duration', duration()),
  quantity('percentage', percentage()),
]);
export type InputDeclaration = z.output<typeof declaration>;

export const inputsSchema = z.record(name(), declaration).meta({ description: `values that --var may set, used as \${inputs.NAME}` });

const QUANTITIES = { rate: rate(), duration: duration(), percentage: percentage() } as const;

/**
 * The value of every declared input: what `--var` says, else the variant, else its default. A declaration that is itself wrong has no value here and
 * is left to the schema to complain about. `complain` without a path is about the command line.
 */
export function inputValues(given: Given): ReadonlyMap<string, InputValue | undefined> {
  const values = new Map<string, InputValue | undefined>();
  if (given.declared === null || typeof given.declared !== 'object') return values;
  for (const [key, raw] of Object.entries(given.declared)) {
    const parsed = declaration.safeParse(raw);
    const written = textOf(key, given);
    values.set(key, undefined);
    if (!parsed.success) continue;
    if (written !== undefined) {
      const { value, expected } = fromText(parsed.data, written.text);
      if (expected === undefined) values.set(key, value);
      else written.complain(expected);
    } else if (parsed.data.default === undefined) {
      given.complain(['inputs', key], `this input has no default: give it with --var ${key}=…`, { at: 'key' });
    } else values.set(key, defaultOf(parsed.data));
  }
  return values;
}

interface Given {
  declared: unknown;
  variables: Readonly<Record<string, string>>;
  variant?: { name: string; inputs: Readonly<Record<string, string>> } | undefined;
  complain: Complain;
  complainOfVariable: (message: string) => void;
}

/** What somebody wrote as the value of an input, and where to complain about it. */
function textOf(key: string, { variables, variant, complain, complainOfVariable }: Given) {
  const typed = Object.hasOwn(variables, key) ? variables[key] : undefined;
  if (typed !== undefined) return { text: typed, complain: (message: string) => complainOfVariable(`--var ${key}: ${message}`) };
  const text = variant !== undefined && Object.hasOwn(variant.inputs, key) ? variant.inputs[key] : undefined;
  if (variant === undefined || text === undefined) return undefined;
  return { text, complain: (message: string) => complain(['variants', variant.name, 'inputs', key], message) };
}

/** One declaration with its default, for whoever only lists what there is; undefined where it is itself wrong. */
export function readDeclaration(raw: unknown): { input: InputDeclaration; value: InputValue | undefined } | undefined {
  const parsed = declaration.safeParse(raw);
  return parsed.success ? { input: parsed.data, value: defaultOf(parsed.data) } : undefined;
}

/** What is wrong with a text as the value of an input. */
export function inputProblem(input: InputDeclaration, text: string): string | undefined {
  return fromText(input, text).expected;
}

function defaultOf(input: InputDeclaration): InputValue | undefined {
  switch (input.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return input.default;
    default:
      return input.default?.written as InputValue | undefined;
  }
}

function fromText(input: InputDeclaration, text: string): { value?: InputValue; expected?: string } {
  const found = `found ${JSON.stringify(text)}`;
  switch (input.type) {
    case 'string':
      if (input.enum?.includes(text) ?? true) return { value: text };
      return { expected: `expected one of ${listed(input.enum ?? [])}, ${found}` };
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) ? { value } : { expected: `expected a number, ${found}` };
    }
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : { expected: `expected true or false, ${found}` };
    default: {
      const result = QUANTITIES[input.type].safeParse(text);
      return result.success ? { value: text } : { expected: result.error.issues[0]?.message ?? `expected a ${input.type}, ${found}` };
    }
  }
}
