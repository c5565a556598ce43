/**
 * What an experiment says of itself, read without planning it: enough to list it and to ask for its inputs, also where it has mistakes. Takes text, not a
 * path; parts that it includes are not read. Pure.
 */
import { isMap } from '../core/is-map.js';
import { valueAt } from '../core/schema-lookup.js';
import { type InputDeclaration, readDeclaration } from './schema/inputs.js';
import { readSource } from './source.js';

export interface Declared {
  title: string;
  description: string;
  kind: string;
  inputs: readonly DeclaredInput[];
  variants: readonly string[];
}
export interface DeclaredInput {
  name: string;
  type: InputDeclaration['type'];
  description: string;
  /** As it would be written after `--var NAME=`; `null`: it has to be given. */
  default: string | null;
  /** Empty: any. */
  choices: readonly string[];
}

/** Throws PLAN_INVALID for a text that is no YAML. Whatever else is wrong with it is left out here, and said by whoever plans it. */
export function declaredBy(given: { text: string; file: string }): Declared {
  const { data } = readSource(given);
  const words = (...path: string[]): string => {
    const value = valueAt(data, path);
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    title: words('metadata', 'name') || given.file,
    description: words('metadata', 'description'),
    kind: words('kind'),
    inputs: entriesAt(data, 'inputs').flatMap(([name, raw]) => inputOf(name, raw)),
    variants: entriesAt(data, 'variants').map(([name]) => name),
  };
}

function entriesAt(data: unknown, key: string): readonly [string, unknown][] {
  const value = valueAt(data, [key]);
  return isMap(value) ? Object.entries(value) : [];
}

function inputOf(name: string, raw: unknown): DeclaredInput[] {
  const declared = readDeclaration(raw);
  if (declared === undefined) return [];
  const { input, value } = declared;
  const choices = input.type === 'boolean' ? ['true', 'false'] : input.type === 'string' ? (input.enum ?? []) : [];
  return [{ name, type: input.type, description: input.description ?? '', default: value === undefined ? null : String(value), choices }];
}
