/**
 * Requests that a caller had to answer without its dependency: every attempt failed, or it made none. Only those put a fallback to the test;
 * the others were answered by the dependency itself, whatever a fault did elsewhere.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import type { DemandView } from './demand.js';
import { within } from './traffic.js';

export interface StandIn {
  /** What the load saw. */
  request: RecordedExchange;
  /** Attempts that failed; none where the caller did not even ask. */
  attempts: ExchangeList;
}

/** In order of start. At C0 only where not one attempt in the window succeeded: then no request can have been answered by the dependency. */
export function standInsOf(record: RunRecord, view: Exclude<DemandView, { kind: 'none' }>, window: Window): readonly StandIn[] {
  if (view.kind === 'counted') {
    if (within(view.attempts, window).some(isSuccess)) return [];
    return within(view.offered, window).map((request) => ({ request, attempts: [] }));
  }
  const lacking = within(view.requests, window).filter(({ attempts }) => !attempts.some(isSuccess));
  const wanted = new Set(lacking.map(({ n }) => n));
  const requests = new Map<number, RecordedExchange>();
  for (const exchange of record.exchanges.numbered(wanted)) requests.set(exchange.n, exchange);
  return lacking.flatMap(({ n, attempts }) => {
    const request = requests.get(n);
    return request === undefined ? [] : [{ request, attempts }];
  });
}

/** Requests in the window that, as in the baseline, never get to the dependency: a cache answers them, say. */
export function notNeedingIn(view: DemandView, window: Window): number {
  return view.kind === 'joined' ? Math.ceil((1 - view.reach) * within(view.requests, window).length) : 0;
}

/** The failure came through as it was: the status of the dependency is that of the front door. */
export function isLeak({ request, attempts }: StandIn): boolean {
  return !isSuccess(request) && attempts.some(({ status }) => status !== undefined && status === request.status);
}
