/**
 * Form fields made of a fault's JSON Schema, and back from what a person typed to a value. Pure. A field that is left as it is, is left out: the daemon knows
 * its default. What has more structure than a form is written as JSON.
 */

export interface JsonSchema {
  type?: string | readonly string[];
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  anyOf?: readonly JsonSchema[];
  examples?: readonly unknown[];
}

export interface Field {
  name: string;
  /** `text` is taken as it is; `free` is a number if it looks like one, JSON if it begins like that, else a text. */
  kind: 'choice' | 'flag' | 'text' | 'free';
  about: string;
  isRequired: boolean;
  /** What it is if nothing is typed. */
  standard: string;
  choices: readonly string[];
}

const KINDS: Readonly<Record<string, Field['kind']>> = { boolean: 'flag', string: 'text' };

export function fieldsOf({ properties = {}, required = [] }: JsonSchema): readonly Field[] {
  return Object.entries(properties).map(([name, schema]): Field => {
    const choices = (schema.enum ?? []).map(String);
    const kind = choices.length > 0 ? 'choice' : (KINDS[String(schema.type)] ?? 'free');
    const standard = schema.default === undefined ? '' : asText(schema.default);
    return { name, kind, about: schema.description ?? '', isRequired: required.includes(name), standard, choices };
  });
}

/** What the form begins with: the parameters of an example. */
export function textsOf(example: unknown): Readonly<Record<string, string>> {
  if (typeof example !== 'object' || example === null) return {};
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, asText(value)]));
}

/** Parameters as the daemon takes them. */
export function valueOf(fields: readonly Field[], texts: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const given = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const text = texts[name]?.trim() ?? '';
    return text === '' ? [] : [[name, kind === 'choice' || kind === 'text' ? text : parsed(text)]];
  });
  return Object.fromEntries(given);
}

/** Quantities carry their unit and stay texts: `250ms` is no number. */
function parsed(text: string): unknown {
  if (!/^(?:[[{"]|true$|false$|-?\d+(?:\.\d+)?$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
