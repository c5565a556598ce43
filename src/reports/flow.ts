/**
 * What one service asked of another, gathered over all instances: the unit in which reports speak. Health and readiness checks are left out,
 * because they say nothing about data; on plain tcp links a connection takes the place of a request.
 */
import type { Common } from '../journal/columns/exchange-columns.js';
import { RowGroups } from '../journal/columns/row-groups.js';
import type { RecordedPlan } from '../journal/events.js';
import { type List, RowList } from '../journal/list.js';
import { isSuccess, LOAD } from '../journal/observations.js';
import type { RecordedSum, RunRecord } from '../journal/record.js';
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
  samples: List<Sample>;
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

interface GrowingSeen {
  samples: List<Sample>;
  sums: RecordedSum[];
}
interface Growing extends GrowingSeen {
  from: string;
  to: string;
  counted: Flow['counted'];
  byInstance: Map<string, GrowingSeen>;
  probeRequests: number;
}

/** All flows of a run: the load's own first, then in the order of the plan's links. A flow that carried nothing is there, and empty. */
export function flowsOf(record: RunRecord): Flow[] {
  const directory = new Directory(record.plan);
  addRequests(record, directory);
  for (const sum of record.sums) {
    const flow = directory.flowFor(sum, 'requests');
    if (sum.isProbe) flow.probeRequests += sum.count;
    else addSum(flow, sum);
  }
  addConnections(record, directory);
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

/** There may be millions: each is the number of its row, and what it holds is asked for when it is needed. */
function addRequests({ exchanges, plan }: RunRecord, directory: Directory): void {
  const { columns, rows } = exchanges;
  const isProbe = probeRows(columns, plan.services);
  const flows = columns.commons.map((common) => directory.flowFor(common, 'requests'));
  const [wholes, parts] = [new Pigeonholes(rows.length), new Pigeonholes(rows.length)];
  for (const [i, row] of rows.entries()) {
    const flow = flows[columns.commonNumber(row)];
    if (flow === undefined) continue;
    if (isProbe(row)) {
      flow.probeRequests += 1;
      continue;
    }
    wholes.put(i, flow);
    parts.put(i, instanceOf(flow, columns.common(row).to));
  }
  const sampleOf = (row: number): Sample => ({
    startMs: columns.startMs(row),
    endMs: columns.endMs(row),
    failed: exchangeFailed(columns.common(row)),
  });
  for (const holes of [wholes, parts]) {
    for (const [seen, own] of holes.groupsOf(rows)) seen.samples = new RowList(own, sampleOf);
  }
}

/** Which of the rows belong to whom. */
class Pigeonholes {
  readonly #numbers = new Map<GrowingSeen, number>();
  readonly #holes: Int32Array;

  constructor(length: number) {
    this.#holes = new Int32Array(length).fill(-1);
  }

  put(i: number, owner: GrowingSeen): void {
    const number = this.#numbers.get(owner) ?? this.#numbers.size;
    this.#numbers.set(owner, number);
    this.#holes[i] = number;
  }

  groupsOf(rows: Uint32Array): (readonly [GrowingSeen, Uint32Array])[] {
    const groups = new RowGroups(rows, this.#holes, this.#numbers.size);
    return [...this.#numbers].map(([owner, number]) => [owner, groups.rowsOf(number)] as const);
  }
}

/** Whether a row is a health or readiness check: what the load asks for is data, whatever its path. */
function probeRows(columns: RunRecord['exchanges']['columns'], services: RecordedPlan['services']): (row: number) => boolean {
  const tests = new Map(
    services.flatMap(({ instances, probePaths }) => {
      const test = columns.pathTest(new Set(probePaths));
      return instances.map((instance) => [instance, test] as const);
    }),
  );
  const byCommon = columns.commons.map(({ from, to }) => (from === LOAD ? undefined : tests.get(to)));
  return (row) => byCommon[columns.commonNumber(row)]?.(row) === true;
}

/** In order of start, as the record has them. */
function addConnections({ connections }: RunRecord, directory: Directory): void {
  const samples = new Map<GrowingSeen, Sample[]>();
  for (const { link, from, to, startMs, endMs, end } of connections) {
    if (!directory.isTcp(link)) continue;
    const flow = directory.flowFor({ from, to }, 'connections');
    const sample = { startMs, endMs, failed: end !== 'closed' && end !== 'proxyClosed' };
    for (const seen of [flow, instanceOf(flow, to)]) listOf(samples, seen).push(sample);
  }
  for (const [seen, own] of samples) seen.samples = [...seen.samples, ...own].sort((a, b) => a.startMs - b.startMs);
}

function listOf(lists: Map<GrowingSeen, Sample[]>, seen: GrowingSeen): Sample[] {
  const list = lists.get(seen) ?? [];
  lists.set(seen, list);
  return list;
}

function addSum(flow: Growing, sum: RecordedSum): void {
  flow.sums.push(sum);
  instanceOf(flow, sum.to).sums.push(sum);
}

function instanceOf({ byInstance }: Growing, instance: string): GrowingSeen {
  const own = byInstance.get(instance) ?? { samples: [], sums: [] };
  byInstance.set(instance, own);
  return own;
}

/** As `exchangeFailed` of each. */
export function failedIn(sum: RecordedSum): number {
  return isGood(sum) || sum.outcome === 'tunnel' || sum.outcome === 'proxyClosed' ? 0 : sum.count;
}

/** A request cut because we closed our own proxy, or one that became a tunnel, is nobody's error. */
function exchangeFailed(exchange: Common): boolean {
  return !isSuccess(exchange) && exchange.end !== 'tunnel' && exchange.end !== 'proxyClosed';
}
