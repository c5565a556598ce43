/**
 * Cycles of a real balancer: one of five instances answers 503 to data, mostly while its health check stays green, and gets well again. Beside it stands the
 * same balancer without its outlier detection, which must be found out; and at the end a fault that reaches nobody.
 */
import { Pool } from 'undici';
import { hostClock, sleep } from '../../../src/core/clock.js';
import type { RunRecord } from '../../../src/journal/record.js';
import { outlierEjection } from '../../../src/verify/checks/outlier-ejection.js';
import { type Ejection, ejectionHistories, type InstanceHistory } from '../../../src/verify/inference/ejection.js';
import { dataExchanges } from '../../../src/verify/inference/traffic.js';
import { type HistoryFault, INVENTORY } from '../../support/histories.js';
import type { Cell, CycleOutcome, RealProduct } from '../product.js';
import { productsDuring, recognize, type Shipped } from '../simulated/fingerprint-cycles.js';
import { type Callee, Stage } from './stage.js';

export interface BalancerRequest {
  /** Where each instance is found. */
  ports: ReadonlyMap<string, number>;
  /** False: the same without outlier detection. */
  ejects: boolean;
  /** To be called when it says that it has taken an instance out, or back in. */
  on(instance: string, state: 'out' | 'in', atMs: number): void;
}

export interface RealBalancerProduct {
  name: string;
  summary: string;
  missing(): string | undefined;
  protocol?: 'http' | 'http2';
  /** What it balances over; servers that answer 200 if left out. */
  callee?: (instance: string) => Promise<Callee>;
  start(request: BalancerRequest): Promise<AsyncDisposable & { port: number }>;
  faultMs: number;
  calmMs: number;
  detectWithinMs: number;
  returnsWithinMs: number;
  /** It says when an instance is back, too. */
  tellsReturns: boolean;
  /** The bad instance stands still, in place of answering 503. */
  pauses?: boolean;
  /** The fault fails health checks, too; else they stay green. */
  failsChecks?: boolean;
  /** Requests a second, where it cannot stand the usual 120. */
  ratePerSecond?: number;
  /** So many views of the instances it has, each of which says that an instance is out; only the last one takes it out. */
  views: number;
  /** What is declared of it, beside its limits. */
  preset?: Readonly<Record<string, unknown>>;
  /** By which it is to be known, where one fault can last until it was out four times. */
  fingerprint?: { names: Shipped['names']; faultMs: number; calmMs: number };
}

const GUARDED = 'gateway-1';
const UNGUARDED = 'gateway-2';
const BAD = 'inventory-3';
const RATE = 120;
const BASELINE_MS = 4_000;
const MARGIN_MS = 100;
/** However long it were, nothing would come of a fault that reaches nobody. */
const UNFELT_MS = 1_000;
/** So many cycles for each fault that is long enough for a fingerprint. */
const CYCLES_PER_FINGERPRINT = 4;

type Fault = HistoryFault & { toMs: number };
interface Event {
  instance: string;
  state: 'out' | 'in';
  atMs: number;
}

export function realBalancer(product: RealBalancerProduct): RealProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'ejection',
    errorsMax: { 'time to eject': (1_000 / (product.ratePerSecond ?? RATE)) * INVENTORY.length + 10 },
    missing: product.missing,
    play: (cycles) => playCycles(product, cycles),
  };
}

async function playCycles(product: RealBalancerProduct, cycles: number): Promise<CycleOutcome[]> {
  const { protocol = 'http', callee } = product;
  await using stage = await Stage.open({ callers: [GUARDED, UNGUARDED], callees: INVENTORY, protocol, ...(callee && { callee }) });
  const events: Event[] = [];
  const start = (caller: string, ejects: boolean): ReturnType<RealBalancerProduct['start']> => {
    const ports = new Map(INVENTORY.map((instance) => [instance, stage.portOf(caller, instance)]));
    return product.start({ ports, ejects, on: (instance, state, atMs) => ejects && events.push({ instance, state, atMs }) });
  };
  await using guarded = await start(GUARDED, true);
  await using unguarded = await start(UNGUARDED, false);
  const pools = [guarded, unguarded].map(({ port }) => new Pool(`http://127.0.0.1:${port}`, { connections: 32 }));
  try {
    for (const [i, pool] of pools.entries())
      stage.load([GUARDED, UNGUARDED][i] ?? '', {
        ratePerSecond: product.ratePerSecond ?? RATE,
        ask: (token) => ask(pool, { token, reset: product.views > 1 }),
      });
    await stage.baseline(BASELINE_MS);
    return judgeAll(stage, { product, events, ...(await playFaults(stage, { product, cycles })) });
  } finally {
    await stage.endLoads();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

async function ask(pool: Pool, { token, reset }: { token: string; reset: boolean }): Promise<boolean> {
  // With `reset` it has a connection of its own, so that all workers of a balancer get their share.
  const request = { method: 'GET', path: `/stock/${token}`, headers: { 'x-request-id': token }, reset } as const;
  const { statusCode, body } = await pool.request(request);
  await body.dump();
  return statusCode < 500;
}

async function playFaults(
  stage: Stage,
  { product, cycles }: { product: RealBalancerProduct; cycles: number },
): Promise<Pick<Played, 'faults' | 'unfelt' | 'long'>> {
  const given = { callees: [BAD], lengthMs: product.faultMs, type: 'abort' };
  const faults: Fault[] = [];
  const match = product.failsChecks ? {} : { match: { path: '/stock*' } };
  for (let cycle = 0; cycle < cycles; cycle++) {
    const step = `gray-${cycle}`;
    const fault = product.pauses
      ? stage.pause(step, { callee: BAD, lengthMs: product.faultMs })
      : stage.fault(step, { ...given, ...match });
    faults.push(await fault);
    await sleep(hostClock, product.calmMs + 37 * (cycle % 11));
  }
  const unfelt = await stage.fault('unfelt', { ...given, lengthMs: UNFELT_MS, match: { path: '/nobody' } });
  const long: Fault[] = [];
  const { fingerprint } = product;
  for (let turn = 0; fingerprint !== undefined && turn < Math.floor(cycles / CYCLES_PER_FINGERPRINT); turn++) {
    long.push(await stage.fault(`long-${turn}`, { ...given, lengthMs: fingerprint.faultMs, ...match }));
    await sleep(hostClock, fingerprint.calmMs);
  }
  return { faults, unfelt, long };
}

interface Played {
  product: RealBalancerProduct;
  events: readonly Event[];
  faults: readonly Fault[];
  unfelt: Fault;
  /** For the fingerprint alone. */
  long: readonly Fault[];
}

function judgeAll(stage: Stage, { product, events, faults, unfelt, long }: Played): CycleOutcome[] {
  const records = { guarded: stage.record([GUARDED]), bare: stage.record([UNGUARDED]) };
  const history = historyOf(records.guarded);
  const ejections = history?.ejections ?? [];
  const recognized = long.map((fault) => recognize(productsDuring(history, fault), product.fingerprint?.names ?? [product.name]));
  const judge = (cell: Cell, record: RunRecord, fault: Fault): CycleOutcome => outcome(cell, { product, record, fault });
  return [
    ...faults.map((fault, i) => ({
      ...judge('good', records.guarded, fault),
      ...compare({ product, fault, events, ejections }),
      ...(recognized[i] && { fingerprint: recognized[i] }),
    })),
    ...faults.map((fault) => judge('bad', records.bare, fault)),
    judge('idle', records.guarded, unfelt),
    judge('idle', records.bare, unfelt),
  ];
}

function outcome(cell: Cell, { product, record, fault }: { product: RealBalancerProduct; record: RunRecord; fault: Fault }): CycleOutcome {
  const limits = { detectWithin: `${product.detectWithinMs}ms`, returnsWithin: `${product.returnsWithinMs}ms` };
  const declared = product.preset && { preset: product.preset };
  const params = outlierEjection.schema.parse({ from: 'gateway', to: 'inventory', during: fault.step, ...declared, ...limits });
  const { verdict, summary } = outlierEjection.evaluate(params, record);
  return { cell, verdict, summary: `${fault.step}: ${summary}`, isUnlucky: false, errors: {}, exact: {} };
}

function historyOf(record: RunRecord): InstanceHistory | undefined {
  const baseline = record.phases.find(({ phase }) => phase === 'baseline') ?? record;
  const requests = dataExchanges(record, { from: [GUARDED], to: INVENTORY });
  return ejectionHistories({ requests, instances: INVENTORY, baseline }).find(({ instance }) => instance === BAD);
}

interface Compared {
  product: RealBalancerProduct;
  fault: Fault;
  events: readonly Event[];
  ejections: readonly Ejection[];
}

function compare({ product, fault, events, ejections }: Compared): Pick<CycleOutcome, 'isUnlucky' | 'errors' | 'exact'> {
  const untilMs = fault.toMs + product.calmMs;
  const said = events.filter(({ instance, atMs }) => instance === BAD && atMs >= fault.fromMs && atMs < untilMs);
  const wrong = events.filter(({ instance, atMs }) => instance !== BAD && atMs >= fault.fromMs && atMs < untilMs);
  const out = said
    .filter(({ state }) => state === 'out')
    .map(({ atMs }) => atMs)
    .slice(product.views - 1);
  const back = said.filter(({ state }) => state === 'in').map(({ atMs }) => atMs);
  const seen = ejections.filter(({ started }) => started[0] >= fault.fromMs && started[0] < untilMs);
  const isLate = (out[0] ?? Number.POSITIVE_INFINITY) - fault.fromMs > product.detectWithinMs - MARGIN_MS;
  const isStillOut = product.tellsReturns && said.at(-1)?.state === 'out';
  const wasOut = product.tellsReturns && events.findLast(({ instance, atMs }) => instance === BAD && atMs < fault.fromMs)?.state === 'out';
  const isBackLate = (back.at(-1) ?? fault.fromMs) - fault.toMs > product.returnsWithinMs - MARGIN_MS;
  const [first, firstOut] = [seen[0], out[0]];
  const durations = seen.flatMap(({ started, ended }, i) => {
    const [outMs, inMs] = [out[i], back[i]];
    return ended === undefined || outMs === undefined || inMs === undefined ? [] : [Math.abs(ended[1] - started[0] - (inMs - outMs))];
  });
  return {
    isUnlucky: isLate || isBackLate || isStillOut || wasOut || wrong.length > 0,
    errors: {
      ...(first && firstOut !== undefined && { 'time to eject': [Math.abs(first.started[0] - firstOut)] }),
      'time out': durations,
    },
    exact: product.tellsReturns ? { ejections: [seen.length === out.length] } : {},
  };
}
