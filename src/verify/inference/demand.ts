/**
 * Demand: which requests of the load should have led to an attempt on a dependency, and which attempts they led to. The front door's status
 * is no witness (fallbacks and caches hide failures); what counts is whether an attempt crossed the wire.
 */
import { LOAD } from '../../journal/observations.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { dataExchanges, instancesOf, type Party, within } from './traffic.js';

/** A route whose requests reach the dependency at least this often without faults is demand for it. */
export const REACH_MIN = 0.9;
/** A value that is noted of a request joins it to others only if it is so long. */
const NAME_CHARACTERS_MIN = 6;
/** Baseline requests of a route below which its reach is not calibrated. */
export const CALIBRATION_MIN = 20;

/** One request at the front door that needs the dependency. */
export interface Demand {
  n: number;
  startMs: number;
  endMs: number;
  /** The caller gave some whole answer. A caller that is down keeps a dependency as quiet as an open breaker. */
  answered: boolean;
  /** What it led to on the wire, in order of start. */
  attempts: RecordedExchange[];
}

/** It led to at least one attempt. */
export function passed(demand: Demand): boolean {
  return demand.attempts.length > 0;
}

export interface RouteCalibration {
  route: string;
  requests: number;
  /** Share of requests with at least one attempt. */
  reach: number;
  /** Attempts per request. */
  fanOut: number;
}

export type DemandView =
  /** Requests and attempts are joined one by one: by token (C2) or by the unique key in their paths (C1). */
  | { kind: 'joined'; correlation: 'C2' | 'C1'; requests: readonly Demand[]; routes: readonly RouteCalibration[] }
  /** Nothing joins them: only counts over time can be compared, and a single attempt cannot be called a leak. */
  | { kind: 'counted'; correlation: 'C0'; offered: readonly RecordedExchange[]; attempts: readonly RecordedExchange[]; fanOut: number }
  | { kind: 'none'; reason: string };

/** Finds the demand that `caller` has for `callee`, calibrated on the baseline. */
export function demandFor(
  record: RunRecord,
  { caller, callee, baseline, copiesToo = false }: { caller: Party; callee: string; baseline: Window; copiesToo?: boolean },
): DemandView {
  const { linksUnseen } = record.plan;
  if (linksUnseen !== undefined) return { kind: 'none', reason: `requests to ${callee} were not seen: ${linksUnseen}` };
  const callers = caller.instance === undefined ? instancesOf(record, caller.service) : [caller.instance];
  const attempts = dataExchanges(record, { from: callers, to: instancesOf(record, callee), copiesToo });
  const offered = record.exchanges.filter((e) => e.from === LOAD && (caller.instance === undefined || e.to === caller.instance));
  if (within(offered, baseline).length < CALIBRATION_MIN) {
    return { kind: 'none', reason: `the baseline holds fewer than ${CALIBRATION_MIN} load requests to calibrate by` };
  }
  if (within(attempts, baseline).length === 0) {
    return {
      kind: 'none',
      reason: `no data request from ${caller.instance ?? caller.service} to ${callee} crossed the wire in the baseline`,
    };
  }
  for (const [correlation, join] of JOINS) {
    const demands = join(offered, attempts);
    const routes = calibrate(offered, demands, baseline);
    const needing = new Set(routes.filter((r) => r.reach >= REACH_MIN && r.requests >= CALIBRATION_MIN).map((r) => r.route));
    if (needing.size === 0) continue;
    return { kind: 'joined', correlation, requests: demands.filter((_, i) => needing.has(routeOf(offered[i]))), routes };
  }
  return {
    kind: 'counted',
    correlation: 'C0',
    offered,
    attempts,
    fanOut: within(attempts, baseline).length / within(offered, baseline).length,
  };
}

type Join = (offered: readonly RecordedExchange[], attempts: readonly RecordedExchange[]) => Demand[];

/** Strongest first: the first that joins enough of the baseline is taken. */
const JOINS: readonly (readonly ['C2' | 'C1', Join])[] = [
  ['C2', (offered, attempts) => join(offered, attempts, tokensOf)],
  ['C1', (offered, attempts) => join(offered, attempts, keysOf)],
];

/** Whatever names the request: callers pass on one of their names and make up the others anew. */
function tokensOf({ token, tokens }: RecordedExchange): readonly string[] {
  const others = tokens === undefined ? [] : Object.values(tokens).filter(isOwnName);
  return token === undefined ? others : [token, ...others];
}

/** Short ones, like a number, name many things. */
function isOwnName(value: string): boolean {
  return value.length >= NAME_CHARACTERS_MIN;
}

function keysOf(exchange: RecordedExchange): readonly string[] {
  return exchange.path.split(/[/?&=;,]+/);
}

/** Joins by words that name exactly one load request. A word that several requests share, like a path's first segment, names none. */
function join(
  offered: readonly RecordedExchange[],
  attempts: readonly RecordedExchange[],
  wordsOf: (exchange: RecordedExchange) => readonly string[],
): Demand[] {
  const demands = offered.map(toDemand);
  const owners = new Map<string, Demand | null>();
  for (let i = 0; i < offered.length; i++) {
    const [request, demand] = [offered[i], demands[i]];
    if (request === undefined || demand === undefined) continue;
    for (const word of wordsOf(request)) owners.set(word, owners.has(word) ? null : demand);
  }
  for (const attempt of attempts) {
    for (const word of wordsOf(attempt)) {
      const owner = owners.get(word);
      if (!owner) continue;
      owner.attempts.push(attempt);
      break;
    }
  }
  return demands;
}

function toDemand(request: RecordedExchange): Demand {
  return { n: request.n, startMs: request.startMs, endMs: request.endMs, answered: request.end === 'complete', attempts: [] };
}

function routeOf(request: RecordedExchange | undefined): string {
  return request?.route ?? '';
}

function calibrate(offered: readonly RecordedExchange[], demands: readonly Demand[], { fromMs, toMs }: Window): RouteCalibration[] {
  const routes = new Map<string, { requests: number; reached: number; attempts: number }>();
  for (const [i, demand] of demands.entries()) {
    if (demand.startMs < fromMs || demand.startMs >= toMs) continue;
    const route = routeOf(offered[i]);
    const tally = routes.get(route) ?? { requests: 0, reached: 0, attempts: 0 };
    tally.requests += 1;
    tally.reached += demand.attempts.length > 0 ? 1 : 0;
    tally.attempts += demand.attempts.length;
    routes.set(route, tally);
  }
  return [...routes].map(([route, { requests, reached, attempts }]) => ({
    route,
    requests,
    reach: reached / requests,
    fanOut: attempts / requests,
  }));
}
