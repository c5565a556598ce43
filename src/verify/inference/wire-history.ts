/**
 * A history made of what crossed the wire: which exchanges were operations on shared data, what they asked and what they were told. Bodies are not recorded, so keys come from
 * paths and values from headers that the links (or the load) note. What is not surely done and not surely undone is unknown, which is always sound and proves less.
 */
import { z } from 'zod';
import type { ExchangeList } from '../../journal/exchanges.js';
import { pathOf } from '../../journal/probe-paths.js';
import type { RecordedExchange } from '../../journal/record.js';
import type { Form, Shape } from '../histories/checker.js';
import type { History } from '../histories/history.js';
import type { Operation, Value } from '../histories/operation.js';

const headerName = z.string().transform((name) => name.toLowerCase());
const place = z.union([
  z.strictObject({ header: headerName }).meta({ description: 'a request header, noted by `observe.headers`' }),
  z.strictObject({ answerHeader: headerName }).meta({ description: 'a header of the answer, noted by `observe.answerHeaders`' }),
  z.strictObject({ path: z.string() }).meta({ description: 'a `{part}` of the path' }),
]);
const statuses = z.strictObject({ status: z.array(z.int().min(100).max(599)).min(1) });

/** Which exchanges are operations of one name, and where they say what. */
export const wireOperation = z.strictObject({
  f: z.string().meta({ description: 'what it is, as the checker calls it: read, write …' }),
  method: z.string().meta({ description: 'of the request' }),
  path: z
    .string()
    .regex(/^(?:\/(?:[^{}/\s]+|\{[A-Za-z]+\}))+$/, 'expected a path like /registers/{key}')
    .meta({ description: 'template of its path, with `{key}` where the key stands; the query is left out' }),
  asks: place.optional().meta({ description: 'where the value stands that is sent' }),
  told: place.optional().meta({ description: 'where the value stands that is answered' }),
  version: place.optional().meta({ description: 'where the version stands of what was written or read' }),
  token: place.optional().meta({ description: 'where the fencing token stands' }),
  validMs: place.optional().meta({ description: 'where it stands how many milliseconds a lease was granted for' }),
  client: place.optional().meta({ description: 'where it stands whose session it is; the calling instance if omitted' }),
  done: statuses.optional().meta({ description: 'answers that say that it was done; all 2xx if omitted' }),
  nothing: statuses
    .default({ status: [404] })
    .meta({ description: 'answers that say that there is nothing, of those that are told a value' }),
  refused: statuses.default({ status: [400, 409, 412, 422] }).meta({ description: 'answers that say that it was certainly not done' }),
});
export type Place = z.output<typeof place>;
export type WireOperation = z.output<typeof wireOperation>;

/** Links cut what they note; a longer value may be another than it looks. */
const NOTED_CHARACTERS_MAX = 200;
const NEVER_THERE: ReadonlySet<RecordedExchange['end']> = new Set(['connectFailed', 'handshakeFailed', 'malformedRequest']);

/** `shapes`: what the checker wants to know of each. */
export function wireHistory(
  exchanges: ExchangeList,
  given: { operations: readonly WireOperation[]; shapes: Readonly<Record<string, Shape>> },
): History {
  const kinds = given.operations.map((kind) => ({ kind, partsOf: pathParser(kind.path), shape: given.shapes[kind.f] }));
  const operations: Operation[] = [];
  for (const exchange of exchanges) {
    for (const { kind, partsOf, shape } of kinds) {
      const parts = exchange.method === kind.method ? partsOf(exchange.path) : undefined;
      if (parts === undefined) continue;
      const outcome = outcomeOf(exchange, kind);
      operations.push(
        operationOf(exchange, { kind, shape, outcome, textAt: (at) => textAt(at, exchange, parts), key: parts['key'] ?? '' }),
      );
      break;
    }
  }
  return { operations, problems: [] };
}

function pathParser(template: string): (path: string) => Readonly<Record<string, string>> | undefined {
  const names: string[] = [];
  const source = template
    .split('/')
    .slice(1)
    .map((segment) => {
      if (!segment.startsWith('{')) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(segment.slice(1, -1));
      return '([^/]+)';
    });
  const pattern = new RegExp(`^/${source.join('/')}$`);
  return (path) => {
    const match = pattern.exec(pathOf(path));
    return match === null ? undefined : Object.fromEntries(names.map((name, i) => [name, match[i + 1] ?? '']));
  };
}

function textAt(at: Place | undefined, exchange: RecordedExchange, parts: Readonly<Record<string, string>>): string | undefined {
  if (at === undefined) return undefined;
  const text = 'header' in at ? exchange.tokens?.[at.header] : 'path' in at ? parts[at.path] : exchange.answerTokens?.[at.answerHeader];
  return text !== undefined && text.length < NOTED_CHARACTERS_MAX ? text : undefined;
}

/** A refusal that a fault had to do with may be the fault's own word; an answer that it was done was given to somebody who believed it. */
function outcomeOf(exchange: RecordedExchange, { done, nothing, refused, told }: WireOperation): Operation['outcome'] {
  const { end, status, applied = [] } = exchange;
  if (NEVER_THERE.has(end)) return 'failed';
  if (end !== 'complete' || status === undefined) return 'unknown';
  const isDone = done?.status.includes(status) ?? (status >= 200 && status < 300);
  if (isDone || (told !== undefined && nothing.status.includes(status))) return 'ok';
  return refused.status.includes(status) && applied.length === 0 ? 'failed' : 'unknown';
}

interface Seen {
  kind: WireOperation;
  /** Undefined: the checker does not know such operations, and will say so. */
  shape: Shape | undefined;
  outcome: Operation['outcome'];
  textAt: (at: Place | undefined) => string | undefined;
  key: string;
}

function operationOf(exchange: RecordedExchange, { kind, shape, outcome, textAt: at, key }: Seen): Operation {
  const input = valueOf(at(kind.asks), shape?.input);
  const isNothing = exchange.status !== undefined && kind.told !== undefined && kind.nothing.status.includes(exchange.status);
  const output = outcome !== 'ok' ? undefined : isNothing ? null : valueOf(at(kind.told), shape?.output);
  const told = { version: at(kind.version), token: at(kind.token), validMs: at(kind.validMs) };
  const figures = Object.entries(told).map(([name, text]) => [name, figureOf(text)] as const);
  return {
    id: exchange.n,
    process: at(kind.client) ?? exchange.from,
    f: kind.f,
    key,
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...Object.fromEntries(figures.filter(([, figure]) => figure !== undefined)),
    outcome,
    ...(NEVER_THERE.has(exchange.end) && { neverArrived: true }),
    startMs: exchange.startMs,
    endMs: outcome === 'unknown' ? Number.POSITIVE_INFINITY : exchange.endMs,
  };
}

/** What a text says to who expects this: numbers as such, several texts with commas, figures as `a=1,b=2`. Undefined where it cannot be read so. */
function valueOf(text: string | undefined, form: Form | undefined): Value | undefined {
  if (text === undefined || form === undefined || form === 'none') return undefined;
  if (form === 'text' || form === 'textOrNone') return text;
  if (form === 'number') return figureOf(text);
  const parts = text === '' ? [] : text.split(',');
  if (form !== 'figures') return parts;
  const figures = parts.map((part) => [part.slice(0, part.indexOf('=')), figureOf(part.slice(part.indexOf('=') + 1))] as const);
  return figures.every((figure): figure is readonly [string, number] => figure[1] !== undefined) ? Object.fromEntries(figures) : undefined;
}

/**
 * Undefined where it is none: a checker that compares with NaN finds nothing wrong. One that is too large to be told from its neighbours is none either, or
 * two tokens would be one.
 */
function figureOf(text: string | undefined): number | undefined {
  const figure = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Math.abs(figure) <= Number.MAX_SAFE_INTEGER ? figure : undefined;
}
