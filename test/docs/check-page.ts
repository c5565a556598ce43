/**
 * The parts of a check's page that follow from its definition and from what it says of simulated subjects. What is between the markers is made here;
 * what stands around them is written by hand and stays.
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import { formatMeasured, VERDICT_WORDS } from '../../src/reports/wording.js';
import type { Check, Judgement } from '../../src/verify/check.js';

export type Part = 'definition' | 'findings';

/** The page with its parts filled in; everything else as it was. */
export function filledPage(page: string, parts: Readonly<Record<Part, string>>): string {
  return Object.entries(parts).reduce(
    (text, [part, content]) =>
      text.replace(
        new RegExp(`(<!-- ${part} -->)[\\s\\S]*?(<!-- /${part} -->)`),
        (_, open: string, close: string) => `${open}\n${content}\n${close}`,
      ),
    page,
  );
}

export function definitionPart({ name, summary, example, schema }: Check): string {
  const written = stringify({ verify: [{ [name]: example }] }, { lineWidth: 0 }).trimEnd();
  // Defaults of quantities are known only to who parses.
  const parsed = (schema.safeParse(example).data ?? {}) as Readonly<Record<string, unknown>>;
  const rows = parametersOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema, {
    parsed,
    example: example as object,
  });
  const table = ['| parameter | default | what it says |', '|---|---|---|', ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)];
  return [summary, '', '```yaml', written, '```', '', ...table].join('\n');
}

interface Schema {
  type?: string | readonly string[];
  description?: string;
  default?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  oneOf?: readonly Schema[];
  enum?: readonly unknown[];
  const?: unknown;
}

/** Those of a product or policy are described with it. */
const CLOSED: ReadonlySet<string> = new Set(['preset']);

/** Name, default and meaning; inside of a map `backoff.min`, and of alternatives each once. */
interface Given {
  /** The example, with its defaults and without. */
  parsed: Readonly<Record<string, unknown>>;
  example: object;
  before?: string;
}

function parametersOf(schema: Schema, { parsed, example, before = '' }: Given): string[][] {
  const rows = [schema, ...(schema.oneOf ?? [])].flatMap((one) =>
    Object.entries(one.properties ?? {}).flatMap(([key, value]) => {
      const isDue = one.required?.includes(key) ?? false;
      const otherwise = value.default ?? (before === '' && !(key in example) ? parsed[key] : undefined);
      const own = [`\`${before}${key}\``, isDue ? 'must be said' : defaultOf({ ...value, default: otherwise }), meaningOf(value)];
      return CLOSED.has(key) || value.properties === undefined
        ? [own]
        : [own, ...parametersOf(value, { parsed, example, before: `${before}${key}.` })];
    }),
  );
  return rows.filter(([name], i) => rows.findIndex(([other]) => other === name) === i);
}

/** What may be text or a number is a quantity; inside of the code durations are milliseconds. */
function defaultOf({ default: otherwise, type, description = '' }: Schema): string {
  if (otherwise === undefined) return '';
  const isDuration = typeof otherwise === 'number' && Array.isArray(type) && !/per cent|points/.test(description);
  return `\`${isDuration ? plainMs(otherwise) : typeof otherwise === 'object' ? JSON.stringify(otherwise) : String(otherwise)}\``;
}

/** As people write it. */
function plainMs(ms: number): string {
  return ms < 1_000 ? `${ms}ms` : `${ms / 1_000}s`;
}

function meaningOf({ description = '', enum: values = [] }: Schema): string {
  return values.length === 0 ? description : `${description} (${values.map((value) => `\`${String(value)}\``).join(', ')})`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

/** Each verdict as a report says it, with the figures of the first that was not kept, and what else it could have been. */
export function findingsPart(judgements: readonly Judgement[]): string {
  const told = judgements.map(({ verdict, summary }) => `${VERDICT_WORDS[verdict].sign} ${VERDICT_WORDS[verdict].word}  ${summary}`);
  const [kept] = judgements;
  const figures = (kept?.measurements ?? []).map((measurement) => {
    const promised = measurement.limit === undefined ? '' : `, promised ${measurement.limit}`;
    const samples = measurement.samples === undefined ? '' : `, from ${measurement.samples}`;
    return `- ${measurement.name}: ${formatMeasured(measurement)}${promised}${samples}`;
  });
  const rivals = [...new Set(judgements.flatMap(({ alternatives = [] }) => alternatives))].map((rival) => `- ${rival}`);
  return [
    '```text',
    told.join('\n\n'),
    '```',
    ...(figures.length === 0 ? [] : ['', 'The figures of the first:', '', ...figures]),
    ...(rivals.length === 0 ? [] : ['', 'What else it could have been, and whether that was ruled out:', '', ...rivals]),
  ].join('\n');
}
