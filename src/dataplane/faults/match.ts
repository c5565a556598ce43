/**
 * `match` and `exclude`: which requests, and which responses to them, a fault looks at. Compiled once into a predicate; conditions that are cheap
 * to look at come first, because most requests are none of a fault's business. A body is looked at last and by itself: somebody has to wait for it.
 */
import { z } from 'zod';
import type { RequestHead, ResponseHead } from './fault.js';
import { compileJsonPath, jsonPathSchema } from './json-path.js';
import { isProbe } from './probes.js';
import { pathOf, queryValuesOf } from './request-path.js';
import { compileGlobs, compileRegex, globSchema, regexSchema, type TextTest } from './text-test.js';

const oneOrMore = <S extends z.ZodType>(one: S, what: string) =>
  z
    .union([one, z.array(one).min(1).max(1_000)], { error: `expected one or a list of: ${what}` })
    .transform((given) => (Array.isArray(given) ? given : [given]) as z.output<S>[])
    .meta({ description: what });

const statusSchema = z.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/)], {
  error: 'expected a status like 503, or a class like 5xx',
});

const matchFields = {
  method: oneOrMore(z.string(), 'HTTP methods, like [GET, POST]').optional(),
  path: oneOrMore(globSchema, 'path globs, without the query, like /stock*').optional(),
  pathRegex: regexSchema.optional().meta({ description: 'RE2 expression found in the path, without the query, like ^/users/[0-9]+$' }),
  query: z.record(z.string(), globSchema).optional().meta({ description: 'query parameter → glob for one of its values, decoded' }),
  headers: z.record(z.string(), globSchema).optional().meta({ description: 'header name → glob for its value' }),
  userAgent: oneOrMore(globSchema, 'globs for the User-Agent, like kube-probe/*').optional(),
  status: oneOrMore(statusSchema, 'statuses of the response, like [503, 5xx]; for faults with `direction: down`').optional(),
};

/** All given keys must match; of several values one must. `*` stands for any run of characters. */
export const matchSchema = z.strictObject({
  ...matchFields,
  body: z.record(jsonPathSchema, globSchema).optional().meta({
    description:
      'JSONPath of the request’s body → glob for one of its values, like {$.customer.tier: gold*}; bodies above 64 KiB, encoded ones and what is not JSON do not match; JSON that is said to be a form or plain text does, as curl -d and fetch send it',
  }),
});
export type Match = z.output<typeof matchSchema>;

const PROBES = 'probes';
const excludedSchema = z.union([z.strictObject(matchFields), z.literal(PROBES)]);

export const excludeSchema = z
  .union([z.strictObject(matchFields), z.literal(PROBES), z.array(excludedSchema).min(1).max(100)], {
    error: 'expected `probes`, conditions like those of `match`, or a list of these',
  })
  .transform((given) => (Array.isArray(given) ? given : [given]));
/** One of them is enough. */
export type Exclude = z.output<typeof excludeSchema>;

/** Without a response, what is said about its status stays open: it refuses nothing and excludes nothing. */
export type Matcher = (request: RequestHead, response?: ResponseHead) => boolean;

/** `undefined` means: every message, so that a fault without conditions costs nothing. */
export function compileMatcher({ match, exclude }: { match?: Match | undefined; exclude?: Exclude | undefined }): Matcher | undefined {
  if (match === undefined && exclude === undefined) return undefined;
  const wanted = match && compileOne(match);
  const wantedStatus = compileStatus(match?.status);
  const unwanted = (exclude ?? []).map(compileExcluded);
  return (request, response) => {
    if (wanted?.(request) === false) return false;
    if (wantedStatus !== undefined && response !== undefined && !wantedStatus(response)) return false;
    return !unwanted.some((isUnwanted) => isUnwanted(request, response));
  };
}

/** What is said about the body; undefined if nothing is. */
export function compileBody(wanted: Match['body']): ((value: unknown) => boolean) | undefined {
  if (wanted === undefined) return undefined;
  const tests = Object.entries(wanted).map(([path, glob]) => ({ textsOf: compileJsonPath(path), isValue: compileGlobs([glob]) }));
  return (value) => tests.every(({ textsOf, isValue }) => some(textsOf(value), isValue));
}

function some(texts: Iterable<string>, test: TextTest): boolean {
  for (const text of texts) if (test(text)) return true;
  return false;
}

function compileExcluded(excluded: Exclude[number]): Matcher {
  if (excluded === PROBES) return isProbe;
  const isMeant = compileOne(excluded);
  const hasStatus = compileStatus(excluded.status);
  if (hasStatus === undefined) return isMeant;
  return (request, response) => response !== undefined && hasStatus(response) && isMeant(request);
}

function compileStatus(wanted: Match['status']): ((response: ResponseHead) => boolean) | undefined {
  if (wanted === undefined) return undefined;
  const statuses = new Set(wanted.filter((status) => typeof status === 'number'));
  const classes = new Set(wanted.filter((status) => typeof status === 'string').map((text) => Number(text[0])));
  return ({ status }) => statuses.has(status) || classes.has(Math.floor(status / 100));
}

/** What is said about the request. */
function compileOne(match: Omit<Match, 'body'>): (head: RequestHead) => boolean {
  const tests: ((head: RequestHead) => boolean)[] = [];
  if (match.method) {
    const methods = new Set(match.method.map((method) => method.toUpperCase()));
    tests.push((head) => methods.has(head.method));
  }
  if (match.path) tests.push(onPath(compileGlobs(match.path)));
  if (match.userAgent) {
    const isAgent = compileGlobs(match.userAgent, { ignoreCase: true });
    tests.push((head) => isAgent(head.header('user-agent') ?? ''));
  }
  for (const [name, glob] of Object.entries(match.headers ?? {})) {
    const lower = name.toLowerCase();
    const isValue = compileGlobs([glob]);
    tests.push((head) => {
      const found = head.header(lower);
      return found !== undefined && isValue(found);
    });
  }
  if (match.pathRegex !== undefined) tests.push(onPath(compileRegex(match.pathRegex)));
  for (const [name, glob] of Object.entries(match.query ?? {})) {
    const isValue = compileGlobs([glob]);
    tests.push((head) => queryValuesOf(head.target, name).some(isValue));
  }
  const [only] = tests;
  return only !== undefined && tests.length === 1 ? only : (head) => tests.every((test) => test(head));
}

function onPath(test: TextTest): (head: RequestHead) => boolean {
  return (head) => test(pathOf(head));
}
