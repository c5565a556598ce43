/**
 * Changes to JSON text that leave all other text as it was. Parsing and writing it anew would be shorter and would change what nobody asked for: large
 * numbers lose digits, `1.0` becomes `1`, spaces and doubled keys go. What is not JSON, or is nested too deep, is undefined: to be left alone.
 */
import { applyEdits, type Edit, modify, visit } from 'jsonc-parser';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Deeper text is left alone: the parsers work by recursion. */
const DEPTH_MAX = 200;

/** JSON Merge Patch (RFC 7396): members of `patch` take the place of those of that name, `null` removes, objects are merged. */
export function mergeJson(text: string, patch: JsonObject): string | undefined {
  const target = parse(text);
  if (target === undefined) return undefined;
  if (!isObject(target)) return JSON.stringify(withoutNulls(patch));
  let result = text;
  for (const { path, value } of changesOf(target, patch, [])) result = applyEdits(result, modify(result, path, value, {}));
  return result;
}

/** Puts another value in the place of members for which `replace` has one. Only strings and numbers that are members of an object are asked about. */
export function replaceMembers(text: string, replace: (name: string, value: string | number) => Json | undefined): string | undefined {
  return replaceLiterals(text, ({ path, value }) => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const name = path.at(-1);
    const replaced = typeof name === 'string' ? replace(name, value) : undefined;
    return replaced === undefined ? undefined : JSON.stringify(replaced);
  });
}

/** A string, number, boolean or null, wherever it stands. */
export interface Literal {
  /** Names of members and numbers of elements that lead to it. */
  path: readonly (string | number)[];
  value: null | boolean | number | string;
  /** As it is written. */
  text: string;
}

/** Puts other JSON text in the place of literals for which `replace` has some. They are asked about in the order in which they stand. */
export function replaceLiterals(text: string, replace: (literal: Literal) => string | undefined): string | undefined {
  if (parse(text) === undefined) return undefined;
  const edits: Edit[] = [];
  visit(text, {
    onLiteralValue: (value: Literal['value'], offset, length, _line, _character, pathOf) => {
      const content = replace({ path: pathOf(), value, text: text.slice(offset, offset + length) });
      if (content !== undefined) edits.push({ offset, length, content });
    },
  });
  return applyEdits(text, edits);
}

interface Change {
  path: string[];
  /** Undefined: the member goes. */
  value: Json | undefined;
}

/** A merge patch as single changes: each replaces, adds or removes one member. */
function changesOf(target: JsonObject, patch: JsonObject, path: readonly string[]): Change[] {
  return Object.entries(patch).flatMap(([name, value]) => {
    const at = [...path, name];
    const present = Object.hasOwn(target, name) ? target[name] : undefined;
    if (value === null) return present === undefined ? [] : [{ path: at, value: undefined }];
    if (!isObject(value)) return [{ path: at, value }];
    return isObject(present) ? changesOf(present, value, at) : [{ path: at, value: withoutNulls(value) }];
  });
}

/** What a merge patch makes of nothing. */
function withoutNulls(patch: JsonObject): JsonObject {
  const members = Object.entries(patch).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, isObject(value) ? withoutNulls(value) : value]));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined also for text that is nested too deep. */
function parse(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isTooDeep(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** A string, or one bracket. It is for JSON only: on other text, strings without an end would make it slow. */
const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(STRING_OR_BRACKET)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}
