/**
 * zod’s issues in our words: what was expected, what was found, and the nearest known name. Whoever reads what a person wrote (a plan, a request
 * to the API, an option) says so with these words, never with zod’s own.
 */
import type { z } from 'zod';
import { type Path, wherePath } from './document-path.js';
import { descriptionAt, knownKeys, valueAt } from './schema-lookup.js';
import { closest, didYouMean, listed } from './suggest.js';

type Issue = z.core.$ZodIssue;

interface Context {
  schema: z.ZodType;
  data: unknown;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

export interface Explanation {
  path: Path;
  /** Point at the key (a key that should not be there) rather than at its value. */
  at?: 'key' | 'value';
  message: string;
}

/** All that is wrong in one line: `value.delay: expected …, found …; …`. Paths begin with `at`; `what` stands for the whole where it has none; `named` says what a reader knows them as. */
export function explainInLine(
  error: z.ZodError,
  context: Context & { at?: Path; what?: string; named?: (path: string) => string },
): string {
  const { at = [], what = 'the document', named = (path) => path } = context;
  return explainIssues(error.issues, context)
    .map(({ path, message }) => `${at.length + path.length === 0 ? what : named(wherePath([...at, ...path]))}: ${message}`)
    .join('; ');
}

export function explainIssues(issues: readonly Issue[], context: Context): readonly Explanation[] {
  const problems = issues.flatMap((issue) => explain(issue, [], context));
  return withoutEchoes(problems, context);
}

function explain(issue: Issue, before: Path, context: Context): readonly Explanation[] {
  const path: Path = [...before, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(context.schema, context.data, path);
    return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: `unknown key${didYouMean(key, known)}` }));
  }
  if (issue.code === 'invalid_key') return [{ path, at: 'key', message: issue.issues[0]?.message ?? 'expected a name' }];
  if (issue.code === 'custom') return [{ path, message: issue.message, ...(issue.params?.['at'] === 'key' && { at: 'key' as const }) }];
  const value = valueAt(context.data, path);
  if (value === undefined) return [{ path, message: missing(issue, path, context) }];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return explainUnion(issue, path, context);
  return [{ path, message: sentence(issue, value) }];
}

/** What to say of a key that is not there: its description tells what it would be for. */
function missing(issue: Issue, path: Path, context: Context): string {
  const values = oneOf(issue);
  const kind = issue.code === 'invalid_type' ? (TYPE_NAMES[issue.expected] ?? 'a value') : 'a value';
  const description = descriptionAt(context.schema, context.data, path);
  return `expected ${values.length > 0 ? alternatives(values) : kind}, found nothing${description === undefined ? '' : ` (${description})`}`;
}

function oneOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return [];
}

function alternatives(values: readonly string[]): string {
  return values.length === 1 ? `"${values[0]}"` : `one of ${listed(values)}`;
}

function sentence(issue: Issue, value: unknown): string {
  const values = oneOf(issue);
  if (values.length > 0) {
    const near = typeof value === 'string' ? closest(value, values) : undefined;
    return `expected ${alternatives(values)}, found ${shown(value)}${near !== undefined && values.length > 1 ? `; did you mean "${near}"?` : ''}`;
  }
  // A schema that brings its own sentence has said what it expects.
  if (issue.message.startsWith('expected'))
    return issue.message.includes('found') ? issue.message : `${issue.message}, found ${shown(value)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}, found ${shown(value)}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue)}, found ${size(value)}`;
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue)}, found ${size(value)}`;
    case 'invalid_format':
      if ('prefix' in issue) return `expected text that starts with ${shown(issue.prefix)}, found ${shown(value)}`;
      return `expected text in another form, found ${shown(value)}: ${issue.message}`;
    default:
      return `expected something else, found ${shown(value)}: ${issue.message}`;
  }
}

function unitOf(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const bound = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  if (issue.origin === 'string') return ' characters';
  if (issue.origin !== 'array') return '';
  return Number(bound) === 1 ? ' entry' : ' entries';
}

function size(value: unknown): string {
  return typeof value === 'string' || Array.isArray(value) ? String(value.length) : shown(value);
}

/** Of several alternatives the one that fits best speaks; if none fits in kind, all kinds are named. */
function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, context: Context): readonly Explanation[] {
  const value = valueAt(context.data, path);
  const misfits = issue.errors.map((errors) => errors.find((error) => error.path.length === 0 && isMisfit(error, value)));
  if (misfits.every((misfit) => misfit !== undefined)) {
    const described = descriptionAt(context.schema, context.data, path);
    const kinds = new Set(misfits.map(kindOf));
    return [{ path, message: `expected ${[...kinds].join(' or ')}${described ? ` (${described})` : ''}, found ${shown(value)}` }];
  }
  const fitting = issue.errors.filter((_, i) => misfits[i] === undefined);
  const weight = (errors: readonly Issue[]): number =>
    errors.reduce((sum, error) => sum + (error.code === 'unrecognized_keys' ? error.keys.length : 1), 0);
  const best = fitting.reduce((a, b) => (weight(b) < weight(a) ? b : a));
  const problems = best.flatMap((error) => explain(error, path, context));
  // Its own sentence names all alternatives; only what is wrong further in is told better by the one that fits.
  const isFurtherIn = problems.some((problem) => problem.path.length > path.length);
  return !isFurtherIn && issue.message.startsWith('expected') ? [{ path, message: sentence(issue, value) }] : problems;
}

/** Not even of the kind that this alternative takes. */
function isMisfit(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_value') return issue.values.every((allowed) => typeof allowed !== typeof value);
  return issue.code === 'invalid_type';
}

function kindOf(misfit: Issue): string {
  const values = oneOf(misfit);
  if (values.length > 0) return alternatives(values);
  return misfit.code === 'invalid_type' ? (TYPE_NAMES[misfit.expected] ?? misfit.expected) : 'something else';
}

/** A misspelt key makes the right one missing as well, and often its map incomplete: one slip, one message. */
function withoutEchoes(problems: readonly Explanation[], { schema, data }: Context): readonly Explanation[] {
  const echoes = new Set<string>();
  for (const { path = [], at } of problems) {
    const key = path.at(-1);
    if (at !== 'key' || typeof key !== 'string') continue;
    const parent = path.slice(0, -1);
    const near = closest(key, knownKeys(schema, data, parent));
    echoes.add(JSON.stringify(parent));
    if (near !== undefined && valueAt(data, [...parent, near]) === undefined) echoes.add(JSON.stringify([...parent, near]));
  }
  return problems.filter((problem) => problem.at === 'key' || !echoes.has(JSON.stringify(problem.path)));
}

/** A value as it would stand in the file, cut short. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
