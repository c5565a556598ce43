/**
 * What keeps harm going once its cause is gone: work that the harm itself makes. Seen as more attempts for each request (retries), more requests
 * that need a dependency at all (a cold cache), or answers that take many times as long although no fault holds them (a queue).
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import { LOAD } from '../../journal/observations.js';
import type { RunRecord, Window } from '../../journal/record.js';
import { ascending, quantile } from './statistics.js';
import { dataExchanges, instancesOf, within } from './traffic.js';

export interface Loop {
  kind: 'retries' | 'misses' | 'queue' | 'extra attempts';
  from: string;
  to: string;
  before: number;
  now: number;
  /** An attempt that shows it. */
  n: number;
}

/** How many times what it was, before it is called a loop. */
const FROM = { attempts: 1.25, reach: 1.25, waiting: 3 } as const;
/** Attempts in either part, without which nothing is compared. */
const ATTEMPTS_MIN = 20;
/** Share of attempts with a token of the load, without which attempts are not grouped by it. */
const NAMED_MIN = 0.9;

interface Traffic {
  attempts: number;
  /** Attempts for each front-door request. */
  perRequest: number;
  /** Of the front-door requests, those that led to any; undefined where no token tells. */
  reach?: number;
  /** Attempts for each of those. */
  perReached?: number;
  medianMs: number;
}

/** Loops between every two services, those that have grown most first. */
export function sustainingLoops(record: RunRecord, { calm, now }: { calm: Window; now: Window }): Loop[] {
  const offered = record.exchanges.having(({ from }) => from === LOAD);
  const pairs = new Map(
    record.plan.links.map(({ fromService, toService }) => [`${fromService} ${toService}`, { from: fromService, to: toService }]),
  );
  const loops = [...pairs.values()].flatMap(({ from, to }) => {
    const attempts = dataExchanges(record, { from: instancesOf(record, from), to: instancesOf(record, to) });
    const measure = (part: Window): Traffic => trafficOf(within(attempts, part), within(offered, part));
    const last = within(attempts, now).at(-1);
    return last === undefined ? [] : compare(measure(calm), measure(now)).map((loop): Loop => ({ ...loop, from, to, n: last.n }));
  });
  return loops.sort((a, b) => b.now / b.before - a.now / a.before);
}

function trafficOf(attempts: ExchangeList, offered: ExchangeList): Traffic {
  const requests = offered.length;
  const tokens = attempts.flatMap(({ token }) => token ?? []);
  const tookMs = ascending(attempts.map(({ startMs, endMs }) => endMs - startMs));
  const base = { attempts: attempts.length, perRequest: attempts.length / Math.max(1, requests), medianMs: quantile(tookMs, 0.5) };
  if (tokens.length < NAMED_MIN * attempts.length) return base;
  const reached = new Set(tokens);
  // Of those that were offered meanwhile: attempts for requests of before are retries, and no sign that more of them miss.
  const reach = offered.filter(({ token }) => token !== undefined && reached.has(token)).length / Math.max(1, requests);
  return { ...base, reach, perReached: tokens.length / Math.max(1, reached.size) };
}

type Growth = Pick<Loop, 'kind' | 'before' | 'now'>;

function compare(before: Traffic, now: Traffic): Growth[] {
  if (before.attempts < ATTEMPTS_MIN || now.attempts < ATTEMPTS_MIN) return [];
  const grown = (kind: Loop['kind'], from: number, pick: (traffic: Traffic) => number | undefined): Growth[] => {
    const [was, is] = [pick(before), pick(now)];
    return was !== undefined && is !== undefined && is >= from * was ? [{ kind, before: was, now: is }] : [];
  };
  const told = [
    ...grown('retries', FROM.attempts, (traffic) => traffic.perReached),
    ...grown('misses', FROM.reach, (traffic) => traffic.reach),
  ];
  const isNamed = before.reach !== undefined && now.reach !== undefined;
  const untold = isNamed ? [] : grown('extra attempts', FROM.attempts, (traffic) => traffic.perRequest);
  return [...told, ...untold, ...grown('queue', FROM.waiting, (traffic) => traffic.medianMs)];
}
