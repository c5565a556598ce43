/**
 * `${…}` in strings. `${inputs.NAME}` is filled in here, when the file is loaded; a string that is nothing but one such template becomes the
 * input itself, so that `percentage: "${inputs.share}"` stays a number. The other names are filled in later (ports when a service starts,
 * keys when a request is sent); here they are only checked to stand where somebody will.
 */

import type { Path } from '../core/document-path.js';
import { didYouMean } from '../core/suggest.js';
import type { Complain } from './problem.js';
import { DEPTH_MAX } from './source.js';

const TEMPLATE = /\$\{([^}]*)\}/g;
const WHOLE = /^\$\{([^}]*)\}$/;
const UNCLOSED = /\$\{[^}]*$/;

/** Values in one document, aliases counted at each use; beyond it an alias bomb is assumed. */
const VALUES_MAX = 100_000;

/** The file with the certificate of the lab CA, which callers of links that terminate TLS have to trust. */
export const CA_TEMPLATE = `\${ca}`;
/** The folder that is an instance's own, and that faults know of. */
export const DATA_TEMPLATE = `\${self.data}`;
export const GATEWAY_TEMPLATE = `\${gateway}`;

export type InputValue = string | number | boolean;

/** Names that are filled in later, and where each may stand. `link` takes a service, `row` a column: `link.payments`, `row.user`. */
const LATER: readonly { names: readonly string[]; where: string; fits: (path: Path) => boolean }[] = [
  {
    names: ['self.port', 'self.name', 'self.address'],
    where: 'a service’s argv, env and files, and a role’s argv',
    fits: (path) => isProcessText(path) || isRoleText(path),
  },
  { names: ['self.data'], where: 'a service’s argv, env and files', fits: isProcessText },
  { names: ['link.SERVICE'], where: 'a service’s argv, env and files', fits: isProcessText },
  {
    names: ['lab'],
    where: 'a service’s argv, env, files and workingDirectory',
    fits: (path) => isProcessText(path) || (path[1] === 'services' && path[3] === 'workingDirectory'),
  },
  { names: ['ca', 'gateway'], where: 'a service’s argv, env and files', fits: isProcessText },
  { names: ['key', 'seq', 'row.COLUMN'], where: 'a load request’s path, headers and body', fits: isRequestText },
];

function isProcessText(path: Path): boolean {
  return path[0] === 'topology' && path[1] === 'services' && ['argv', 'env', 'files'].includes(String(path[3]));
}

function isRoleText(path: Path): boolean {
  return path[0] === 'topology' && path[1] === 'roles' && path[4] === 'argv';
}

function isRequestText(path: Path): boolean {
  if (path[0] !== 'load') return false;
  const [list, , part] = path[1] === 'scenarios' ? path.slice(3) : path.slice(1);
  return list === 'requests' && (part === 'path' || part === 'headers' || part === 'body');
}

export interface TemplateScope {
  /** Declared inputs; `undefined` for one whose value is itself in error and reported elsewhere. */
  inputs: ReadonlyMap<string, InputValue | undefined>;
  complain: Complain;
}

/** A copy of the document with every input filled in. `inputs:` itself is left as it is. */
export function fillTemplates(document: unknown, scope: TemplateScope): unknown {
  let values = 0;
  const walk = (value: unknown, path: Path, locals: readonly string[]): unknown => {
    values += 1;
    if (values > VALUES_MAX || path.length > DEPTH_MAX) {
      if (values <= VALUES_MAX + 1)
        scope.complain(path.slice(0, 1), 'expected a document of reasonable size; its aliases unfold without end');
      values = VALUES_MAX + 1;
      return null;
    }
    if (typeof value === 'string') return fillText(value, path, { ...scope, locals });
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i], locals));
    if (value === null || typeof value !== 'object') return value;
    const local = path[0] === 'method' ? foreachName(value) : undefined;
    const inside = local === undefined ? locals : [...locals, local];
    // Entries, not assignment: a key named __proto__ must stay a key.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (path.length === 0 && key === 'inputs') return [key, item];
        checkKey(key, [...path, key], scope);
        return [key, walk(item, [...path, key], inside)];
      }),
    );
  };
  return walk(document, [], []);
}

/** The name that a step's `foreach` gives to its values; they are filled in when the copies are made. */
function foreachName(step: object): string | undefined {
  if (!('foreach' in step) || step.foreach === null || typeof step.foreach !== 'object') return undefined;
  return 'as' in step.foreach && typeof step.foreach.as === 'string' ? step.foreach.as : 'item';
}

/** A copy with one of a `foreach`'s values filled in; all other templates are left standing. */
export function fillForeach(value: unknown, { name, item }: { name: string; item: InputValue }): unknown {
  const template = `\${${name}}`;
  if (typeof value === 'string') return value === template ? item : value.replaceAll(template, () => String(item));
  if (Array.isArray(value)) return value.map((part: unknown) => fillForeach(part, { name, item }));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fillForeach(part, { name, item })]));
}

function checkKey(key: string, path: Path, { complain }: TemplateScope): void {
  if (key.includes('${')) complain(path, 'a template may stand in a value, not in a key', { at: 'key' });
}

interface LocalScope extends TemplateScope {
  /** Names that stand for the values of a `foreach` here. */
  locals: readonly string[];
}

function fillText(text: string, path: Path, scope: LocalScope): unknown {
  if (!text.includes('${')) return text;
  const unclosed = UNCLOSED.exec(text)?.[0];
  if (unclosed !== undefined) scope.complain(path, `expected a } after ${unclosed}`, { part: unclosed });
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return fillOne(whole, path, scope) ?? text;
  return text.replaceAll(TEMPLATE, (template, name: string) => String(fillOne(name, path, scope) ?? template));
}

/** The value of one name; undefined leaves the template standing, for later or because it was complained about. */
function fillOne(name: string, path: Path, { inputs, locals, complain }: LocalScope): InputValue | undefined {
  const part = `\${${name}}`;
  if (name.startsWith('inputs.') && inputs.has(name.slice('inputs.'.length))) return inputs.get(name.slice('inputs.'.length));
  if (locals.includes(name)) return undefined;
  const later = LATER.find((candidate) => candidate.names.includes(genericName(name)));
  if (later === undefined) {
    const here = LATER.filter((candidate) => candidate.fits(path)).flatMap((candidate) => candidate.names);
    const known = [...here, ...locals, ...[...inputs.keys()].map((input) => `inputs.${input}`)];
    complain(path, `unknown template ${part}${didYouMean(name, known)}`, { part });
  } else if (!later.fits(path)) complain(path, `${part} has a meaning only in ${later.where}`, { part });
  return undefined;
}

function genericName(name: string): string {
  if (/^row\../.test(name)) return 'row.COLUMN';
  return /^link\.[^.]+$/.test(name) ? 'link.SERVICE' : name;
}

/** Services named by `${link.SERVICE}` in a text, in order. */
export function linkTemplates(text: string): readonly string[] {
  return [...text.matchAll(/\$\{link\.([^}]*)\}/g)].map((match) => match[1] ?? '');
}
