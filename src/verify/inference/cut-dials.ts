/**
 * Connections that a fault cut before a request was on them. On the wire they are all that is seen of a caller that asks and is refused at once: who
 * counts requests alone takes such a caller for one that has stopped asking. What it wanted to ask, nobody saw; to whom, and when, is known.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { List } from '../../journal/list.js';
import type { ExchangeEnd } from '../../journal/observations.js';
import type { FaultWindow, RecordedConnection, RecordedExchange, RunRecord } from '../../journal/record.js';
import type { Demand } from './demand.js';
import { lowerBound } from './statistics.js';
import { dataExchanges, within } from './traffic.js';

/** How a connection ends that nobody wanted to end, and what a request on it would have ended with. A fault on processes names itself on none. */
const CUT = {
  faultReset: 'faultReset',
  faultClosed: 'faultReset',
  handshakeFailed: 'handshakeFailed',
  connectFailed: 'connectFailed',
  upstreamReset: 'upstreamReset',
} as const satisfies Partial<Record<RecordedConnection['end'], ExchangeEnd>>;

interface Ways {
  from: readonly string[];
  to: readonly string[];
  fault: FaultWindow;
}

/** Dials from any of the callers to any of the callees that this fault cut, as the requests that they stand for, in order of start. */
export function cutDials({ connections }: RunRecord, { from, to, fault }: Ways): readonly RecordedExchange[] {
  const [callers, callees, links] = [new Set(from), new Set(to), new Set(fault.planned.links)];
  const isCut = ({ applied, end, link }: RecordedConnection): boolean =>
    applied?.includes(fault.fault) === true || (end in CUT && links.has(link));
  return within(connections, fault)
    .filter((one) => callers.has(one.from) && callees.has(one.to) && isCut(one))
    .map((dial) => asRequest(dial, fault));
}

function asRequest({ end, ...dial }: RecordedConnection, { fault }: FaultWindow): RecordedExchange {
  const cut: ExchangeEnd = end in CUT ? CUT[end as keyof typeof CUT] : 'clientClosed';
  return { ...dial, applied: [fault], ordinal: 1, method: '', path: '', end: cut };
}

/** All by which the callers asked the callees: their requests, and the dials that this fault cut before there was one. */
export function requestsAndDials(record: RunRecord, ways: Ways): ExchangeList {
  return withDials(dataExchanges(record, ways), cutDials(record, ways));
}

/** Both in order of start, and so is what comes of them. */
export function withDials(requests: ExchangeList, dials: readonly RecordedExchange[]): ExchangeList {
  if (dials.length === 0) return requests;
  const merged: RecordedExchange[] = [];
  let next = 0;
  for (const request of requests) {
    for (let dial = dials[next]; dial !== undefined && dial.startMs < request.startMs; dial = dials[next]) {
      merged.push(dial);
      next += 1;
    }
    merged.push(request);
  }
  return [...merged, ...dials.slice(next)];
}

export interface DialledDemand {
  demands: List<Demand>;
  /** Dials while nobody waited for an answer: upkeep of a pool or a health check perhaps, or a caller that asks after it has answered. */
  strays: number;
}

/**
 * Each dial is an attempt of the request that came last before it, was still waiting and had none; where all that wait have one, it is one more of the
 * last. Nothing but the time joins them, so of a single one it is not sure whose it was.
 */
export function attributeDials(demands: List<Demand>, dials: readonly RecordedExchange[]): DialledDemand {
  if (dials.length === 0) return { demands, strays: 0 };
  const all = Array.from(demands);
  const attempts = new Map<number, RecordedExchange[]>();
  let strays = 0;
  for (const dial of dials) {
    const owner = ownerOf(dial.startMs, all, (i) => attempts.has(i));
    if (owner === undefined) {
      strays += 1;
      continue;
    }
    const own = attempts.get(owner) ?? [];
    own.push(dial);
    attempts.set(owner, own);
  }
  return { demands: all.map((demand, i) => withAttempts(demand, attempts.get(i))), strays };
}

/** So many requests before a dial are looked at: more than wait at a time. */
const WAITING_MAX = 256;

function ownerOf(atMs: number, demands: readonly Demand[], hasDial: (i: number) => boolean): number | undefined {
  const end = lowerBound(demands, atMs, ({ startMs }) => startMs);
  let last: number | undefined;
  for (let i = end - 1; i >= Math.max(0, end - WAITING_MAX); i -= 1) {
    const demand = demands[i];
    if (demand === undefined || demand.endMs < atMs) continue;
    if (!hasDial(i) && demand.attempts.length === 0) return i;
    last ??= i;
  }
  return last;
}

function withAttempts(demand: Demand, dials: readonly RecordedExchange[] | undefined): Demand {
  if (dials === undefined) return demand;
  const { n, route, startMs, endMs, answered } = demand;
  return { n, route, startMs, endMs, answered, attempts: [...demand.attempts, ...dials].sort((a, b) => a.startMs - b.startMs) };
}
