/**
 * Requests that a fault touched, as spans under that fault, linked to the span that their caller says he was in. Very many may be touched: so many a second
 * of one fault are told and so many of a run, and the rest is counted.
 */
import { type Exchange, isSuccess } from '../../journal/observations.js';
import { type Span, type SpanAttributes, type SpanLink, spanIdOf, traceIdOf } from './span.js';

export const REQUESTS_PER_SECOND_MAX = 20;
export const REQUESTS_MAX = 20_000;

type Seen = Omit<Exchange, 'kind'>;

/** Names of the exchanges of a run are unique by these three. */
const keyOf = ({ link, connection, ordinal }: Seen): string => `request ${link}#${connection}.${ordinal}`;

export class RequestSpans {
  readonly #run: string;
  /** Fault → the second that is being counted, and how many were told in it. */
  readonly #seconds = new Map<string, { second: number; told: number }>();
  #told = 0;
  /** Touched requests that were not told of. */
  untold = 0;

  constructor(run: string) {
    this.#run = run;
  }

  /** `toWallMs` turns an instant of the journal into one of the wall clock. Undefined where no fault touched it, and beyond the bounds. */
  spanOf(exchange: Seen, toWallMs: (atMs: number) => number): Span | undefined {
    const [fault] = exchange.applied ?? [];
    if (fault === undefined) return undefined;
    if (!this.#mayTell(fault, exchange.startMs)) {
      this.untold += 1;
      return undefined;
    }
    return {
      traceId: traceIdOf(this.#run),
      spanId: spanIdOf(this.#run, keyOf(exchange)),
      parentSpanId: spanIdOf(this.#run, `fault ${fault}`),
      name: `${exchange.method} ${exchange.route ?? exchange.link}`,
      kind: 'client',
      startWallMs: toWallMs(exchange.startMs),
      endWallMs: toWallMs(exchange.endMs),
      attributes: attributesOf(exchange),
      notes: [],
      notesLost: 0,
      links: linksOf(exchange),
      failure: isSuccess(exchange) ? undefined : (exchange.status?.toString() ?? exchange.end),
    };
  }

  #mayTell(fault: string, startMs: number): boolean {
    if (this.#told >= REQUESTS_MAX) return false;
    const second = Math.floor(startMs / 1_000);
    const before = this.#seconds.get(fault);
    // What began earlier is told late: it counts for the second that is under way.
    const counted = before === undefined || before.second < second ? { second, told: 0 } : before;
    this.#seconds.set(fault, counted);
    if (counted.told >= REQUESTS_PER_SECOND_MAX) return false;
    counted.told += 1;
    this.#told += 1;
    return true;
  }
}

/** Names of OpenTelemetry's where it has one. What stands behind `?` may be a secret, and is left out. */
function attributesOf(exchange: Seen): SpanAttributes {
  const { method, path, status, link, from, to, end, applied = [], token } = exchange;
  return {
    'http.request.method': method,
    'url.path': path.replace(/[?#].*$/s, ''),
    ...(status !== undefined && { 'http.response.status_code': status }),
    'client.address': from,
    'server.address': to,
    'faultlab.link': link,
    'faultlab.faults': applied,
    'faultlab.end': end,
    ...(token !== undefined && { 'faultlab.request': token }),
  };
}

/** The caller's own span, where the link noted his whole `traceparent` (`observe: {headers: [traceparent]}`); a trace id alone names no span. */
function linksOf({ tokens }: Seen): readonly SpanLink[] {
  const [, traceId, spanId] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(tokens?.['traceparent'] ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return [];
  // Nought is no name.
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? [] : [{ traceId, spanId }];
}
