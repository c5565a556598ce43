/**
 * Demand: which requests of the load should have led to an attempt on a dependency, and which attempts they led to. The front door's status
 * is no witness (fallbacks and caches hide failures); what counts is whether an attempt crossed the wire.
 */
import type { ExchangeList, Exchanges } from '../../journal/exchanges.js';
import type { List, RowList } from '../../journal/list.js';
import { LOAD } from '../../journal/observations.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { skewFromCauses } from './clock-skew.js';
import { DemandJoin, ownersOf } from './demand-join.js';
import { type Names, pathNames, tokenNames } from './names.js';
import { wilson } from './statistics.js';
import { dataExchanges, instancesOf, type Party, within } from './traffic.js';

/** A route whose requests reach the dependency at least this often without faults is demand for it. */
const REACH_MIN = 0.9;
/** Baseline requests of a route below which its reach is not calibrated. */
const CALIBRATION_MIN = 20;

/** One request at the front door that needs the dependency. */
export interface Demand {
  n: number;
  /** Empty where the load does not name it. */
  route: string;
  startMs: number;
  endMs: number;
  /** The caller gave some whole answer. A caller that is down keeps a dependency as quiet as an open breaker. */
  answered: boolean;
  /** What it led to on the wire, in order of start. */
  attempts: readonly RecordedExchange[];
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
  | {
      kind: 'joined';
      correlation: 'C2' | 'C1';
      requests: List<Demand>;
      /** Those of them that led to an attempt that began in a window. */
      attemptedIn: (window: Window) => List<Demand>;
      routes: readonly RouteCalibration[];
      /** Of all these requests, the share that surely led to an attempt in the baseline. */
      reach: number;
    }
  /** Nothing joins them: only counts over time can be compared, and a single attempt cannot be called a leak. */
  | { kind: 'counted'; correlation: 'C0'; offered: ExchangeList; attempts: ExchangeList; fanOut: number }
  | { kind: 'none'; reason: string };

/** Finds the demand that `caller` has for `callee`, calibrated on the baseline. */
export function demandFor(
  record: RunRecord,
  { caller, callee, baseline, copiesToo = false }: { caller: Party; callee: string; baseline: Window; copiesToo?: boolean },
): DemandView {
  const { linksUnseen } = record.plan;
  if (linksUnseen !== undefined) return { kind: 'none', reason: `requests to ${callee} were not seen: ${linksUnseen}` };
  const callers = caller.instance === undefined ? instancesOf(record, caller.service) : [caller.instance];
  const callees = instancesOf(record, callee);
  const attempts = dataExchanges(record, { from: callers, to: callees, copiesToo });
  const { exchanges } = record;
  const { offered, whose } = offeredTo(exchanges, caller.instance);
  const calm = { offered: within(offered, baseline).length, attempts: within(attempts, baseline).length };
  if (calm.offered < CALIBRATION_MIN) {
    return { kind: 'none', reason: `the baseline holds fewer than ${CALIBRATION_MIN} load requests to calibrate by` };
  }
  if (calm.attempts === 0) {
    return {
      kind: 'none',
      reason: `no data request from ${caller.instance ?? caller.service} to ${callee} crossed the wire in the baseline`,
    };
  }
  return exchanges.once(
    ['demand', whose, callers, callees, copiesToo, baseline],
    () =>
      joined({ exchanges, offered, attempts, whose }, baseline) ?? {
        kind: 'counted',
        correlation: 'C0',
        offered,
        attempts,
        fanOut: calm.attempts / calm.offered,
      },
  );
}

/** What the load asks of one instance, or of all; where it asks that one alone, these are the same, and `whose` is undefined as for all. */
function offeredTo(exchanges: Exchanges, instance: string | undefined): Pick<Given, 'offered' | 'whose'> {
  const all = exchanges.once(['offered'], () => exchanges.having(({ from }) => from === LOAD));
  if (instance === undefined || all.every(({ to }) => to === instance)) return { offered: all, whose: undefined };
  return { offered: exchanges.once(['offered', instance], () => all.filter(({ to }) => to === instance)), whose: instance };
}

interface Given {
  exchanges: Exchanges;
  /** What the load asked of the caller, or of one instance of it. */
  offered: RowList<RecordedExchange>;
  whose: string | undefined;
  attempts: RowList<RecordedExchange>;
}

/** By the strongest names that join enough of the baseline; undefined if none do. */
function joined({ exchanges, offered, attempts, whose }: Given, baseline: Window): DemandView | undefined {
  for (const [correlation, namesOf] of NAMES) {
    const owners = exchanges.once(['owners', correlation, whose], () => ownersOf(offered.rows, namesOf(exchanges, offered.rows)));
    const join = new DemandJoin(exchanges, { offered: offered.rows, attempts: attempts.rows, owners });
    const routes = calibrate(join, baseline);
    const needing = new Set(routes.filter((r) => r.reach >= REACH_MIN && r.requests >= CALIBRATION_MIN).map((r) => r.route));
    if (needing.size === 0) continue;
    const skew = skewFromCauses(join, baseline);
    if (skew !== undefined) return { kind: 'none', reason: skew };
    const isNeeding = (route: string): boolean => needing.has(route);
    const requests = join.demands(isNeeding);
    const attemptedIn = (window: Window): List<Demand> => join.attemptedIn(window, isNeeding);
    return { kind: 'joined', correlation, requests, attemptedIn, routes, reach: reachOf(routes.filter(({ route }) => needing.has(route))) };
  }
  return undefined;
}

/** Of all of them together. Where some did not reach it, the least that the share may be (95 %): taken for more than it is, chance looks like an opening. */
function reachOf(routes: readonly RouteCalibration[]): number {
  const requests = routes.reduce((sum, route) => sum + route.requests, 0);
  const reached = Math.round(routes.reduce((sum, route) => sum + route.requests * route.reach, 0));
  return reached === requests ? 1 : wilson(reached, requests)[0];
}

/** Strongest first: the first that joins enough of the baseline is taken. */
const NAMES: readonly (readonly ['C2' | 'C1', (exchanges: Exchanges, offered: Uint32Array) => Names])[] = [
  ['C2', tokenNames],
  ['C1', pathNames],
];

function calibrate(join: DemandJoin, { fromMs, toMs }: Window): RouteCalibration[] {
  const routes = new Map<string, { requests: number; reached: number; attempts: number }>();
  for (let i = 0; i < join.length; i += 1) {
    const startMs = join.startMs(i);
    if (startMs < fromMs || startMs >= toMs) continue;
    const route = join.routeOf(i);
    const tally = routes.get(route) ?? { requests: 0, reached: 0, attempts: 0 };
    const attempts = join.attemptCount(i);
    tally.requests += 1;
    tally.reached += attempts > 0 ? 1 : 0;
    tally.attempts += attempts;
    routes.set(route, tally);
  }
  return [...routes].map(([route, { requests, reached, attempts }]) => ({
    route,
    requests,
    reach: reached / requests,
    fanOut: attempts / requests,
  }));
}
