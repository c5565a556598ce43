/**
 * What is seen of one caller's breaker before one dependency while a fault is on: demand, attempts and times open, for whatever is promised of them.
 * What a reader gets wrong: each instance of the caller is judged by itself only where the load calls it directly.
 */
import type { List } from '../../journal/list.js';
import type { FaultWindow, RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { breakerEpisodes, type Episode } from '../inference/breaker.js';
import { quietEpisodes } from '../inference/breaker-by-count.js';
import { attributeDials, cutDials, withDials } from '../inference/cut-dials.js';
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
  const found = demandFor(record, { caller, callee: to, baseline });
  if (found.kind === 'none') return { kind: 'unseen', reason: found.reason };
  const callers = caller.instance === undefined ? instancesOf(record, caller.service) : [caller.instance];
  const dials = cutDials(record, { from: callers, to: instancesOf(record, to), fault });
  const view = found.kind === 'joined' ? found : { ...found, attempts: withDials(found.attempts, dials) };
  const scanned: Window = { fromMs: baseline.fromMs, toMs: Number.POSITIVE_INFINITY };
  const wanted = within(view.kind === 'joined' ? view.requests : view.offered.map(withoutAttempts), scanned);
  const { demands: all, strays } = view.kind === 'joined' ? attributeDials(wanted, dials) : { demands: wanted, strays: 0 };
  const isHit = (attempt: RecordedExchange): boolean => isFaulted(attempt, fault);
  const spared = sparedRoutes(within(all, fault), isHit);
  const demands = spared.length === 0 ? all : all.filter(({ route }) => !spared.includes(route));
  const name = caller.instance ?? caller.service;
  const demand = within(demands, fault).length;
  if (demand < minDemand) {
    const reason = `only ${demand} requests from ${name} needed ${to} while the fault was on; ${minDemand} are needed to judge`;
    return { kind: 'unseen', reason };
  }
  if (strays > Math.max(STRAYS_FEW, STRAYS_SHARE * demand)) {
    const reason = `the fault cut ${strays} connections from ${name} to ${to} while no request waited for an answer: whether it went on asking, the traffic does not say`;
    return { kind: 'unseen', reason };
  }
  const faulted = view.kind === 'joined' ? demands.flatMap((d) => d.attempts.filter(isHit)) : view.attempts.filter(isHit);
  const scene = {
    fault,
    subject: `${name} -> ${to}${spared.length === 0 ? '' : ` (but for ${spared.join(', ')})`}`,
    spared,
    callers: callers.length,
    dials: dials.length,
    correlation: view.correlation,
    demands,
    episodes: episodesOf(view, demands, scanned),
    faulted,
    upToMs: nextFaultMs(record, fault, fault.planned.links),
  };
  const obstacle = breakerObstacle(scene);
  return obstacle === undefined ? { kind: 'seen', scene } : { kind: 'unseen', reason: obstacle };
}

/** Beyond these, dials that no request explains may be those of a caller that goes on asking; fewer are the upkeep of a pool or health checks. */
const STRAYS_FEW = 3;
const STRAYS_SHARE = 0.1;

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
