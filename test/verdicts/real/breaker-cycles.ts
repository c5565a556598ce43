/**
 * Cycles of a real breaker: its dependency fails and comes back, and fails again. Beside the caller with the breaker stands one with the same client
 * and no breaker, which must be found out; and at the end a fault that reaches nobody, which may not be judged.
 */

import { Pool } from 'undici';
import { hostClock, sleep } from '../../../src/core/clock.js';
import type { RunRecord } from '../../../src/journal/record.js';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { breakerEpisodes, type Episode } from '../../../src/verify/inference/breaker.js';
import { demandFor } from '../../../src/verify/inference/demand.js';
import type { HistoryFault } from '../../support/histories.js';
import type { Cell, CycleOutcome, RealProduct } from '../product.js';
import { Stage } from './stage.js';

export type BreakerState = 'open' | 'halfOpen' | 'closed';

/** What a breaker is put around, or before. */
export interface Guarded {
  /** The link to the dependency, for a breaker in a process of its own. */
  port: number;
  /** A call through it, for a breaker in this one. */
  call(token: string): Promise<void>;
  /** To be called when it says that its state has changed; now, unless it says when. */
  on(state: BreakerState, atMs?: number): void;
}

/** `fire` rejects, or says false, when the call fails or is not made. */
export interface RealBreaker {
  fire: (token: string) => Promise<unknown>;
  close?(): void | PromiseLike<void>;
}

export interface RealBreakerProduct {
  name: string;
  summary: string;
  missing?(): string | undefined;
  /** While half-open it runs all calls that come, in place of one. */
  triesAll?: boolean;
  start(guarded: Guarded): RealBreaker | Promise<RealBreaker>;
}

const GUARDED = 'gateway-1';
const UNGUARDED = 'gateway-2';
const CALLEE = 'payments-1';
const RATE = 100;
const BASELINE_MS = 1_500;
const FAULT_MS = 900;
const CALM_MS = 900;
const LIMITS = { opensWithin: '800ms', closesAfterHealWithin: '700ms', leaksMax: 1 };
/** What the truth must be away from a limit by for a verdict to be held against it. */
const MARGIN_MS = 60;

interface Event {
  state: BreakerState;
  atMs: number;
}
type Fault = HistoryFault & { toMs: number };

export function realBreaker(product: RealBreakerProduct): RealProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'breaker',
    errorsMax: { 'time to open': 1_000 / RATE + 10, 'time to close': 1_000 / RATE + 10 },
    missing: product.missing ?? (() => undefined),
    play: (cycles) => playCycles(product, cycles),
  };
}

async function playCycles(product: RealBreakerProduct, cycles: number): Promise<CycleOutcome[]> {
  await using stage = await Stage.open({ callers: [GUARDED, UNGUARDED], callees: [CALLEE] });
  const pools = [GUARDED, UNGUARDED].map((caller) => new Pool(`http://127.0.0.1:${stage.portOf(caller, CALLEE)}`, { connections: 32 }));
  const [call, bareCall] = pools.map(clientOf);
  if (call === undefined || bareCall === undefined) return [];
  const events: Event[] = [];
  const on: Guarded['on'] = (state, atMs = hostClock.nowMs()) => events.push({ state, atMs });
  const breaker = await product.start({ port: stage.portOf(GUARDED, CALLEE), call, on });
  try {
    stage.load(GUARDED, { ratePerSecond: RATE, ask: (token) => breaker.fire(token).then((answer) => answer !== false) });
    stage.load(UNGUARDED, { ratePerSecond: RATE, ask: (token) => bareCall(token).then(() => true) });
    await stage.baseline(BASELINE_MS);
    return judgeAll(stage, { product, events, ...(await playFaults(stage, cycles)) });
  } finally {
    await stage.endLoads();
    await breaker.close?.();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

interface Faults {
  faults: readonly Fault[];
  unfelt: Fault;
}

async function playFaults(stage: Stage, cycles: number): Promise<Faults> {
  const faults: Fault[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const type = { type: 'abort', value: { status: 503 } };
    faults.push(await stage.fault(`down-${cycle}`, { callees: [CALLEE], lengthMs: FAULT_MS, ...type }));
    // The phase of the fault against the breaker's timers differs from cycle to cycle.
    await sleep(hostClock, CALM_MS + 7 * (cycle % 13));
  }
  const unfelt = await stage.fault('unfelt', { callees: [CALLEE], lengthMs: FAULT_MS, type: 'abort', match: { path: '/nobody' } });
  await sleep(hostClock, CALM_MS);
  return { faults, unfelt };
}

interface Played extends Faults {
  product: RealBreakerProduct;
  events: readonly Event[];
}

function judgeAll(stage: Stage, { product, events, faults, unfelt }: Played): CycleOutcome[] {
  const records = { guarded: stage.record([GUARDED]), bare: stage.record([UNGUARDED]) };
  const episodes = episodesOf(records.guarded);
  const judge = (cell: Cell, record: RunRecord, fault: Fault): CycleOutcome => outcome(cell, { product, record, fault });
  return [
    ...faults.map((fault) => ({ ...judge('good', records.guarded, fault), ...compare({ product, fault, events, episodes }) })),
    ...faults.map((fault) => judge('bad', records.bare, fault)),
    judge('idle', records.guarded, unfelt),
    judge('idle', records.bare, unfelt),
  ];
}

function clientOf(pool: Pool): (token: string) => Promise<void> {
  return async (token) => {
    const { statusCode, body } = await pool.request({ method: 'GET', path: `/pay/${token}`, headers: { 'x-request-id': token } });
    await body.dump();
    if (statusCode >= 500) throw new Error(`status ${statusCode}`);
  };
}

function outcome(cell: Cell, { product, record, fault }: { product: RealBreakerProduct; record: RunRecord; fault: Fault }): CycleOutcome {
  const limits = { ...LIMITS, ...(!product.triesAll && { halfOpenTrials: { max: 1 } }) };
  const params = circuitBreaker.schema.parse({ from: 'gateway', to: 'payments', during: fault.step, ...limits });
  const { verdict, summary } = circuitBreaker.evaluate(params, record);
  return { cell, verdict, summary: `${fault.step}: ${summary}`, isUnlucky: false, errors: {}, exact: {} };
}

function episodesOf(record: RunRecord): readonly Episode[] {
  const { fromMs, toMs } = record.phases.find(({ phase }) => phase === 'baseline') ?? record;
  const view = demandFor(record, { caller: { service: 'gateway', instance: GUARDED }, callee: 'payments', baseline: { fromMs, toMs } });
  return view.kind === 'joined' ? breakerEpisodes(view.requests, view.reach) : [];
}

interface Compared {
  product: RealBreakerProduct;
  fault: Fault;
  events: readonly Event[];
  episodes: readonly Episode[];
}

/** One cycle beside what the breaker said: its events from the start of this fault to the start of the next. */
function compare({ product, fault, events, episodes }: Compared): Pick<CycleOutcome, 'isUnlucky' | 'errors' | 'exact'> {
  const untilMs = fault.toMs + CALM_MS;
  const said = events.filter(({ atMs }) => atMs >= fault.fromMs && atMs < untilMs);
  const seen = episodes.filter(({ opened }) => opened[1] >= fault.fromMs && opened[1] < untilMs);
  const openedMs = said.find(({ state }) => state === 'open')?.atMs ?? Number.POSITIVE_INFINITY;
  const closedMs = said.findLast(({ state }) => state === 'closed')?.atMs ?? Number.POSITIVE_INFINITY;
  const isUnlucky = openedMs - fault.fromMs > 800 - MARGIN_MS || closedMs - fault.toMs > 700 - MARGIN_MS;
  const [first, last] = [seen[0], seen.at(-1)];
  const halfOpen = said.filter(({ state }) => state === 'halfOpen').length;
  const trials = seen.flatMap((episode) => episode.trials.map((trial) => trial.passes.length));
  return {
    isUnlucky,
    errors: {
      ...(first && Number.isFinite(openedMs) && { 'time to open': [Math.abs(first.opened[1] - openedMs)] }),
      ...(last?.closed && Number.isFinite(closedMs) && { 'time to close': [Math.abs(last.closed[1] - closedMs)] }),
    },
    exact: { trials: [trials.length === halfOpen && (product.triesAll || trials.every((passes) => passes === 1))] },
  };
}
