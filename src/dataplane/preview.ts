/**
 * What a fault would meet, told from what crossed its links a moment ago. Pure. What a reader gets wrong: it is a forecast from heads that are no longer there,
 * so conditions on what a link does not note (headers, bodies, callers' addresses) are taken as met, and named.
 */
import type { Exchange } from '../journal/observations.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { RequestHead, ResponseHead } from './faults/fault.js';
import { compileMatcher } from './faults/match.js';

export interface FaultPreview {
  links: readonly LinkPreview[];
  /** Conditions that were taken as met, because nothing is known of them. */
  cannotTell: readonly string[];
}

export interface LinkPreview {
  link: string;
  /** That ended in the time that was looked at. */
  requests: number;
  matched: number;
  /** Of those, by the percentage; counts (`nth`, `first` …) are left out. */
  hit: number;
}

export function previewFault(fault: ActiveFault, recent: readonly Exchange[]): FaultPreview {
  const isMatch = matcherOf(fault);
  const links = fault.spec.proxies.map((link) => {
    const seen = recent.filter((exchange) => exchange.link === link);
    const matched = seen.filter(isMatch).length;
    return { link, requests: seen.length, matched, hit: (matched * fault.percentage) / 100 };
  });
  return { links, cannotTell: cannotTell(fault) };
}

/** Of what it asks, the part that a record can answer. */
function matcherOf({ spec: { match, exclude }, direction }: ActiveFault): (exchange: Exchange) => boolean {
  const known = exclude?.filter((one) => typeof one === 'string' || (one.headers === undefined && one.userAgent === undefined));
  const matches = compileMatcher({ match: match && { ...match, headers: undefined, userAgent: undefined }, exclude: known });
  if (matches === undefined) return () => true;
  return (exchange) => matches(requestOf(exchange), direction === 'down' ? responseOf(exchange) : undefined);
}

function requestOf({ method, path }: Exchange): RequestHead {
  return { method, target: path, version: '1.1', header: () => undefined };
}

function responseOf({ status = 0 }: Exchange): ResponseHead {
  return { status, version: '1.1', header: () => undefined, fields: () => [] };
}

function cannotTell({ spec }: ActiveFault): string[] {
  const { match, exclude, source, connections } = spec;
  const conditions = [match ?? {}, ...(exclude ?? []).filter((one) => typeof one !== 'string')];
  const unknown = {
    headers: conditions.some(({ headers }) => headers !== undefined),
    userAgent: conditions.some(({ userAgent }) => userAgent !== undefined),
    body: match?.body !== undefined,
    source: source !== undefined,
    connections: connections !== 'all',
  };
  return Object.entries(unknown).flatMap(([name, is]) => (is ? [name] : []));
}
