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
  const demands = within(view.kind === 'joined' ? view.requests : view.offered.map(withoutAttempts), scanned);
  const name = caller.instance ?? caller.service;
  const demand = within(demands, fault).length;
  if (demand < minDemand) {
    const reason = `only ${demand} requests from ${name} needed ${to} while the fault was on; ${minDemand} are needed to judge`;
    return { kind: 'unseen', reason };
  }
  const isHit = (attempt: RecordedExchange): boolean => isFaulted(attempt, fault);
  const faulted = view.kind === 'joined' ? view.requests.flatMap((d) => d.attempts.filter(isHit)) : view.attempts.filter(isHit);
  const scene = {
    fault,
    subject: `${name} -> ${to}`,
    correlation: view.correlation,
    demands,
    episodes: episodesOf(view, demands, scanned),
    faulted,
    upToMs: nextFaultMs(record, fault, fault.planned.links),
  };
  const obstacle = breakerObstacle(scene);
  return obstacle === undefined ? { kind: 'seen', scene } : { kind: 'unseen', reason: obstacle };
}

function withoutAttempts(request: { n: number; startMs: number; endMs: number; end: string }): Demand {
  return { n: request.n, startMs: request.startMs, endMs: request.endMs, answered: request.end === 'complete', attempts: [] };
}

function episodesOf(view: Exclude<DemandView, { kind: 'none' }>, demands: List<Demand>, window: Window): readonly Episode[] {
  if (view.kind === 'joined') return breakerEpisodes(demands, view.reach);
  const nothing = { shortCircuited: [], trials: [], waitsMs: [], leaks: [], isPartial: false };
  return quietEpisodes({ ...view, window }).map(({ opened, closed }) => ({ ...nothing, opened, ...(closed && { closed }) }));
}
