/**
 * Source files as the tidy rules see them: the code with comments and strings blanked out, so that a rule about `setTimeout` does not trip over
 * prose, and the imports with their targets resolved. A small lexer, not a parser: it only has to know where strings and comments end.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Import {
  /** As written. */
  specifier: string;
  /** Path from the repository's root for our own files (`src/core/clock.ts`, also where it is a `.tsx`), undefined for packages. */
  target: string | undefined;
  /** Erased by the compiler: it cannot close a cycle at run time. */
  typeOnly: boolean;
}
export interface Source {
  /** From the repository's root: `src/core/clock.ts`. */
  path: string;
  text: string;
  /** Same length and lines as `text`; comments, strings and regular expressions are spaces. */
  code: string;
  imports: readonly Import[];
}

export const root = new URL('../..', import.meta.url).pathname;

/** Every TypeScript file under a folder of the repository, in order of path. */
export function readSources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, code: blank(text), imports: importsOf(path, text) };
}

const STATIC_IMPORT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC_IMPORT = /\bimport\('([^']+)'\)/g;

function importsOf(path: string, text: string): Import[] {
  const at = (specifier: string, typeOnly: boolean): Import => ({ specifier, target: resolve(path, specifier), typeOnly });
  return [
    ...[...text.matchAll(STATIC_IMPORT)].map(([, type, specifier = '']) => at(specifier, type !== undefined)),
    ...[...text.matchAll(DYNAMIC_IMPORT)].map(([, specifier = '']) => at(specifier, false)),
  ];
}

function resolve(path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts') : undefined;
}

/** Comments, strings without templates, and regular expressions after something that cannot be divided. Sticky: tried where the lexer stands. */
const DARK =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=[=(,:?&|!{;[]\s*|\breturn\s+)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;

/** Inside the literal part of a template; any other figure is the depth of braces in its current `${…}`. */
const LITERAL = -1;

function blank(text: string): string {
  let out = '';
  // One entry for each template under way, the innermost last.
  const templates: number[] = [];
  while (out.length < text.length) {
    out += templates.at(-1) === LITERAL ? literalStep(text, out.length, templates) : codeStep(text, out.length, templates);
  }
  return out;
}

const blanked = (text: string): string => text.replace(/[^\n]/g, ' ');

function codeStep(text: string, at: number, templates: number[]): string {
  DARK.lastIndex = at;
  const dark = DARK.exec(text)?.[0];
  if (dark) return blanked(dark);
  const [c = '', depth] = [text[at], templates.at(-1)];
  if (c === '`') templates.push(LITERAL);
  // The brace that closes a depth of nothing ends the `${…}`: below 0 is the literal part again.
  else if (depth !== undefined) templates[templates.length - 1] = depth + (c === '{' ? 1 : c === '}' ? -1 : 0);
  return c;
}

function literalStep(text: string, at: number, templates: number[]): string {
  const [c = '', next] = [text[at], text[at + 1]];
  if (c === '`') {
    templates.pop();
    return c;
  }
  const opens = c === '$' && next === '{';
  if (opens) templates[templates.length - 1] = 0;
  return blanked(opens || c === '\\' ? text.slice(at, at + 2) : c);
}

/** `path:line` of an index into the text. */
export function placeOf({ path, text }: Source, index: number): string {
  return `${path}:${text.slice(0, index).split('\n').length}`;
}
