/**
 * What is seen of one caller's breaker before one dependency while a fault is on: demand, attempts and times open, for whatever is promised of them.
 * What a reader gets wrong: each instance of the caller is judged by itself only where the load calls it directly.
 */
import type { List } from '../../journal/list.js';
import type { FaultWindow, RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { breakerEpisodes, type Episode } from '../inference/breaker.js';
import { quietEpisodes } from '../inference/breaker-by-count.js';
import { type Demand, type DemandView, demandFor } from '../inference/demand.js';
import { instancesOf, isFaulted, type Party, within } from '../inference/traffic.js';
import { type BreakerScene, breakerObstacle } from './breaker-rules.js';
import { nextFaultMs } from './fault-of-step.js';

export type BreakerView = { kind: 'seen'; scene: Omit<BreakerScene, 'limits'> } | { kind: 'unseen'; reason: string };

/** A breaker lives in one process. */
export function breakerOwners(record: RunRecord, from: string): readonly Party[] {
  if (record.plan.load?.service !== from) return [{ service: from }];
  return instancesOf(record, from).map((instance) => ({ service: from, instance }));
}

interface Given {
  to: string;
  /** Requests that must have needed the dependency while the fault was on. */
  minDemand: number;
  record: RunRecord;
  fault: FaultWindow;
  baseline: Window;
}

export function breakerOf(caller: Party, { to, minDemand, record, fault, baseline }: Given): BreakerView {
  const view = demandFor(record, { caller, callee: to, baseline });
  if (view.kind === 'none') return { kind: 'unseen', reason: view.reason };
  const scanned: Window = { fromMs: baseline.fromMs, toMs: Number.POSITIVE_INFINITY };
  const all = within(view.kind === 'joined' ? view.requests : view.offered.map(withoutAttempts), scanned);
  const isHit = (attempt: RecordedExchange): boolean => isFaulted(attempt, fault);
  const spared = sparedRoutes(within(all, fault), isHit);
  const demands = spared.length === 0 ? all : all.filter(({ route }) => !spared.includes(route));
  const name = caller.instance ?? caller.service;
  const demand = within(demands, fault).length;
  if (demand < minDemand) {
    const reason = `only ${demand} requests from ${name} needed ${to} while the fault was on; ${minDemand} are needed to judge`;
    return { kind: 'unseen', reason };
  }
  const faulted = view.kind === 'joined' ? demands.flatMap((d) => d.attempts.filter(isHit)) : view.attempts.filter(isHit);
  const scene = {
    fault,
    subject: `${name} -> ${to}${spared.length === 0 ? '' : ` (but for ${spared.join(', ')})`}`,
    spared,
    callers: caller.instance === undefined ? instancesOf(record, caller.service).length : 1,
    correlation: view.correlation,
    demands,
    episodes: episodesOf(view, demands, scanned),
    faulted,
    upToMs: nextFaultMs(record, fault, fault.planned.links),
  };
  const obstacle = breakerObstacle(scene);
  return obstacle === undefined ? { kind: 'seen', scene } : { kind: 'unseen', reason: obstacle };
}

/** So much less often than others a route is hit that it is left alone: a breaker of its own has no reason to open. */
const SPARED_SHARE = 0.25;
/** Attempts for a route, without which that is not said of it. */
const SPARED_MIN = 20;

function sparedRoutes(during: List<Demand>, isHit: (attempt: RecordedExchange) => boolean): readonly string[] {
  const routes = new Map<string, { attempts: number; hit: number }>();
  for (const { route, attempts } of during) {
    const tally = routes.get(route) ?? { attempts: 0, hit: 0 };
    tally.attempts += attempts.length;
    tally.hit += attempts.filter(isHit).length;
    routes.set(route, tally);
  }
  const most = Math.max(0, ...[...routes.values()].map(({ attempts, hit }) => hit / Math.max(1, attempts)));
  return [...routes]
    .filter(([, { attempts, hit }]) => attempts >= SPARED_MIN && hit < SPARED_SHARE * most * attempts)
    .map(([route]) => route);
}

function withoutAttempts(request: { n: number; route?: string; startMs: number; endMs: number; end: string }): Demand {
  return {
    n: request.n,
    route: request.route ?? '',
    startMs: request.startMs,
    endMs: request.endMs,
    answered: request.end === 'complete',
    attempts: [],
  };
}

function episodesOf(view: Exclude<DemandView, { kind: 'none' }>, demands: List<Demand>, window: Window): readonly Episode[] {
  if (view.kind === 'joined') return breakerEpisodes(demands, view.reach);
  const nothing = { shortCircuited: [], trials: [], waitsMs: [], leaks: [], isPartial: false, isPool: false };
  return quietEpisodes({ ...view, window }).map(({ opened, closed }) => ({ ...nothing, opened, ...(closed && { closed }) }));
}
