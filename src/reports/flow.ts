/**
 * What one service asked of another, gathered over all instances: the unit in which reports speak. Health and readiness checks are left out,
 * because they say nothing about data; on plain tcp links a connection takes the place of a request.
 */
import type { RecordedPlan } from '../journal/events.js';
import { isSuccess, LOAD } from '../journal/observations.js';
import { probeTest } from '../journal/probe-paths.js';
import type { RecordedConnection, RecordedExchange, RecordedSum, RunRecord } from '../journal/record.js';
import { isGood } from '../journal/traffic-sum.js';

/** One request, or one connection of a tcp link. */
export interface Sample {
  startMs: number;
  endMs: number;
  failed: boolean;
}
/** What was seen of a flow, or of an instance in it. */
export interface Seen {
  /** Sorted by start. */
  samples: readonly Sample[];
  /** Of requests that were not kept one by one; sorted by their seconds. */
  sums: readonly RecordedSum[];
}
export interface Flow extends Seen {
  /** Caller service, `load` for the generator. */
  from: string;
  /** Callee service. */
  to: string;
  counted: 'requests' | 'connections';
  /** The same by callee instance, in the order of the plan. */
  instances: readonly ({ instance: string } & Seen)[];
  /** Health and readiness checks that were left out. */
  probeRequests: number;
}

interface Growing {
  from: string;
  to: string;
  counted: Flow['counted'];
  samples: Sample[];
  sums: RecordedSum[];
  byInstance: Map<string, { samples: Sample[]; sums: RecordedSum[] }>;
  probeRequests: number;
}

/** All flows of a run: the load's own first, then in the order of the plan's links. A flow that carried nothing is there, and empty. */
export function flowsOf(record: RunRecord): Flow[] {
  const directory = new Directory(record.plan);
  const isProbe = probeTest(record.plan.services);
  for (const exchange of record.exchanges) {
    const flow = directory.flowFor(exchange, 'requests');
    if (isProbe(exchange)) flow.probeRequests += 1;
    else addSample(flow, exchange.to, exchange, exchangeFailed(exchange));
  }
  for (const sum of record.sums) {
    const flow = directory.flowFor(sum, 'requests');
    if (sum.isProbe) flow.probeRequests += sum.count;
    else addSum(flow, sum);
  }
  for (const connection of record.connections) {
    if (!directory.isTcp(connection.link)) continue;
    addSample(directory.flowFor(connection, 'connections'), connection.to, connection, connectionFailed(connection));
  }
  return directory.flows().map(({ byInstance, ...flow }) => ({
    ...flow,
    instances: [...byInstance].map(([instance, seen]) => ({ instance, ...seen })),
  }));
}

/** Which service an instance belongs to, and the flow that a link is part of. */
class Directory {
  readonly #serviceOf = new Map<string, string>([[LOAD, LOAD]]);
  readonly #tcpLinks = new Set<string>();
  readonly #flows = new Map<string, Growing>();

  constructor(plan: RecordedPlan) {
    for (const service of plan.services) {
      for (const instance of service.instances) {
        this.#serviceOf.set(instance, service.name);
      }
    }
    if (plan.load) this.#open(LOAD, plan.load.service, 'requests');
    for (const link of plan.links) {
      if (link.protocol === 'tcp') this.#tcpLinks.add(link.name);
      const flow = this.#open(link.fromService, link.toService, link.protocol === 'tcp' ? 'connections' : 'requests');
      instanceOf(flow, link.to);
    }
  }

  flowFor(seen: { from: string; to: string }, counted: Flow['counted']): Growing {
    return this.#open(this.#serviceOf.get(seen.from) ?? seen.from, this.#serviceOf.get(seen.to) ?? seen.to, counted);
  }

  flows(): Growing[] {
    return [...this.#flows.values()];
  }

  isTcp(link: string): boolean {
    return this.#tcpLinks.has(link);
  }

  #open(from: string, to: string, counted: Flow['counted']): Growing {
    const key = JSON.stringify([from, to]);
    const known = this.#flows.get(key);
    if (known) return known;
    const flow: Growing = { from, to, counted, samples: [], sums: [], byInstance: new Map(), probeRequests: 0 };
    this.#flows.set(key, flow);
    return flow;
  }
}

function addSample(flow: Growing, instance: string, { startMs, endMs }: { startMs: number; endMs: number }, failed: boolean): void {
  const sample = { startMs, endMs, failed };
  flow.samples.push(sample);
  instanceOf(flow, instance).samples.push(sample);
}

function addSum(flow: Growing, sum: RecordedSum): void {
  flow.sums.push(sum);
  instanceOf(flow, sum.to).sums.push(sum);
}

function instanceOf({ byInstance }: Growing, instance: string): { samples: Sample[]; sums: RecordedSum[] } {
  const own = byInstance.get(instance) ?? { samples: [], sums: [] };
  byInstance.set(instance, own);
  return own;
}

/** As `exchangeFailed` of each. */
export function failedIn(sum: RecordedSum): number {
  return isGood(sum) || sum.outcome === 'tunnel' || sum.outcome === 'proxyClosed' ? 0 : sum.count;
}

/** A request cut because we closed our own proxy, or one that became a tunnel, is nobody's error. */
function exchangeFailed(exchange: RecordedExchange): boolean {
  return !isSuccess(exchange) && exchange.end !== 'tunnel' && exchange.end !== 'proxyClosed';
}

function connectionFailed({ end }: RecordedConnection): boolean {
  return end !== 'closed' && end !== 'proxyClosed';
}
