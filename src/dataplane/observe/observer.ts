/** What a link notes of a request, and what it adds to it. It is asked once per exchange, on the data path, so all that can be is prepared. */
import type { RequestHead, ResponseHead } from '../faults/fault.js';
import { compileJsonPath, type JsonTexts } from '../faults/json-path.js';
import { type RequestBody, valueOf } from '../faults/request-body.js';
import { pathOf } from '../faults/request-path.js';
import { ownText } from '../http/own-text.js';
import { type ObserveSpec, observeSchema } from './observe-spec.js';

const TOKEN_CHARACTERS_MAX = 200;
/** A longer path fits no template: nobody's may keep us busy. */
const PATH_CHARACTERS_MAX = 2_048;

/** What an exchange has beside its figures; a field that has nothing to say is left out. */
export interface RequestNotes {
  tokens?: Readonly<Record<string, string>>;
  route?: string;
}

export interface AnswerNotes {
  answerTokens?: Readonly<Record<string, string>>;
}

/** A request as far as it has names; `traceId` only where it is not the token already. */
export interface Observed extends RequestHead {
  readonly traceId?: string | undefined;
}

export interface Observer {
  /** Whether `notes` wants to know bodies. */
  readonly readsBodies: boolean;
  /** The header that every request is to carry on, as `mark` gives it. */
  readonly labHeader: string | undefined;
  notes(request: Observed, body: RequestBody | undefined): RequestNotes;
  /** Of the head that the caller was given. */
  answerNotes(response: Pick<ResponseHead, 'header'>): AnswerNotes;
}

/** The name of an exchange in the lab's header: as in the journal, but for what cannot stand in a header. */
export function exchangeName({ link, connection, ordinal }: { link: string; connection: number; ordinal: number }): string {
  const octets = Buffer.from(link, 'utf8').toString('latin1');
  const escaped = octets.replace(/[^\x21-\x7e]/g, (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `${escaped}#${connection}.${ordinal}`;
}

export function createObserver({ headers, answerHeaders, body, routes, labHeader }: ObserveSpec = observeSchema.parse({})): Observer {
  const names = [...new Set(['idempotency-key', ...headers, ...(labHeader === undefined ? [] : [labHeader])])];
  const places = body.map((path) => ({ path, textsOf: compileJsonPath(path) }));
  const templates = routes.map((route) => ({ route, pattern: patternOf(route) }));
  return {
    readsBodies: places.length > 0,
    labHeader,
    notes: (request, body) => {
      const notes: RequestNotes = {};
      const tokens = new Tokens();
      if (request.traceId !== undefined) tokens.add('traceparent', request.traceId);
      for (const name of names) tokens.add(name, request.header(name));
      if (body?.kind === 'json' && places.length > 0) notePlaces(tokens, body.text, places);
      if (tokens.all !== undefined) notes.tokens = tokens.all;
      const route = templates.length === 0 ? undefined : routeOf(pathOf(request), templates);
      if (route !== undefined) notes.route = route;
      return notes;
    },
    answerNotes: (response) => {
      if (answerHeaders.length === 0) return NOTHING;
      const tokens = new Tokens();
      for (const name of answerHeaders) tokens.add(name, response.header(name));
      return tokens.all === undefined ? NOTHING : { answerTokens: tokens.all };
    },
  };
}

const NOTHING: AnswerNotes = {};

/** Names with what stands there, each cut and a text of its own. */
class Tokens {
  /** Undefined while there is none. */
  all: Record<string, string> | undefined;

  add(name: string, value: string | undefined): void {
    if (!value) return;
    // A header may be named as anything, `__proto__` too.
    this.all ??= Object.create(null) as Record<string, string>;
    this.all[name] = ownText(value.slice(0, TOKEN_CHARACTERS_MAX));
  }
}

/** The first value at each place. */
function notePlaces(tokens: Tokens, text: string, places: readonly { path: string; textsOf: JsonTexts }[]): void {
  const value = valueOf(text);
  for (const { path, textsOf } of places) {
    for (const found of textsOf(value)) {
      tokens.add(path, found);
      break;
    }
  }
}

function routeOf(path: string, templates: readonly { route: string; pattern: RegExp }[]): string | undefined {
  if (path.length > PATH_CHARACTERS_MAX) return undefined;
  return templates.find(({ pattern }) => pattern.test(path))?.route;
}

/** A segment has one `{…}` at most, so matching takes no longer than the path is. */
function patternOf(route: string): RegExp {
  const source = route
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${source}$`);
}
