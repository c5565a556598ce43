/**
 * Cycles of a real client that tries again: its dependency answers some requests with errors for a while. Every attempt is logged by the client itself,
 * beneath its retries; that log is the truth. Beside it stands the same client set to try far too often, and a fault that reaches nobody.
 */
import { hostClock, sleep } from '../../../src/core/clock.js';
import type { RunRecord } from '../../../src/journal/record.js';
import { retry } from '../../../src/verify/checks/retry.js';
import { callsBetween } from '../../../src/verify/inference/calls.js';
import { estimateRetries, type RetryEstimates } from '../../../src/verify/inference/retries.js';
import { backoffLaw } from '../../../src/verify/rules/retry-rules.js';
import type { HistoryFault } from '../../support/histories.js';
import type { Cell, CycleOutcome, RealProduct } from '../product.js';
import { type Ask, type Callee, Stage } from './stage.js';

/** The client says of each attempt that it began. */
export type AttemptLog = (token: string) => void;

export interface RetryingClient extends AsyncDisposable {
  ask: Ask;
}

export interface RetryProduct {
  name: string;
  summary: string;
  protocol?: 'http' | 'http2';
  missing?(): string | undefined;
  /** What it calls; a server that answers 200 if left out. */
  callee?: () => Promise<Callee>;
  /** `retriesMax`: beside the first attempt. */
  connect(port: number, given: { retriesMax: number; log: AttemptLog }): RetryingClient | Promise<RetryingClient>;
  /** What fails requests, as a fault. */
  fault: Readonly<Record<string, unknown>> & { type: string };
  /** Calls that are not idempotent by their method, as all of gRPC are, may be tried again. */
  nonIdempotent?: 'allowed' | 'forbidden';
  /** The first word of what the check has to call it. */
  law: 'exponential' | 'fixed';
  /** Median of the wait before the second attempt. */
  firstWaitMs: number;
}

const RETRIES_MAX = 3;
const CALLERS = { good: 'gateway-1', bad: 'gateway-2' } as const;
const CALLEE = 'payments-1';
const RATE = 60;
const BASELINE_MS = 1_500;
const FAULT_MS = 2_000;
const CALM_MS = 900;

type Fault = HistoryFault & { toMs: number };

export function realRetries(product: RetryProduct): RealProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'retries',
    errorsMax: { 'first wait': 10 },
    missing: product.missing ?? (() => undefined),
    play: (cycles) => playCycles(product, cycles),
  };
}

async function playCycles(product: RetryProduct, cycles: number): Promise<CycleOutcome[]> {
  const { protocol = 'http', callee } = product;
  await using stage = await Stage.open({ callers: Object.values(CALLERS), callees: [CALLEE], protocol, ...(callee && { callee }) });
  const attempts = new Map<string, number>();
  const log: AttemptLog = (token) => attempts.set(token, (attempts.get(token) ?? 0) + 1);
  await using good = await product.connect(stage.portOf(CALLERS.good, CALLEE), { retriesMax: RETRIES_MAX, log });
  await using bad = await product.connect(stage.portOf(CALLERS.bad, CALLEE), { retriesMax: RETRIES_MAX + 1, log });
  stage.load(CALLERS.good, { ratePerSecond: RATE, ask: good.ask });
  stage.load(CALLERS.bad, { ratePerSecond: RATE, ask: bad.ask });
  await stage.baseline(BASELINE_MS);
  const faults: Fault[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    faults.push(await stage.fault(`shaky-${cycle}`, { callees: [CALLEE], lengthMs: FAULT_MS, ...product.fault }));
    await sleep(hostClock, CALM_MS);
  }
  const unfelt = await stage.fault('unfelt', { callees: [CALLEE], lengthMs: FAULT_MS, ...product.fault, match: { path: '/nobody' } });
  await sleep(hostClock, CALM_MS);
  await stage.endLoads();
  const records = { good: stage.record([CALLERS.good]), bad: stage.record([CALLERS.bad]) };
  return [
    ...faults.map((fault) => ({
      ...outcome('good', { product, record: records.good, fault }),
      ...compare({ product, fault, record: records.good, attempts }),
    })),
    ...faults.map((fault) => outcome('bad', { product, record: records.bad, fault })),
    outcome('idle', { product, record: records.good, fault: unfelt }),
    outcome('idle', { product, record: records.bad, fault: unfelt }),
  ];
}

interface Judged {
  product: RetryProduct;
  record: RunRecord;
  fault: Fault;
}

function outcome(cell: Cell, { product: { nonIdempotent = 'forbidden' }, record, fault: { step } }: Judged): CycleOutcome {
  const limits = { maxAttempts: RETRIES_MAX + 1, minRetried: 90, nonIdempotent };
  const params = retry.schema.parse({ from: 'gateway', to: 'payments', during: step, ...limits });
  const { verdict, summary } = retry.evaluate(params, record);
  return { cell, verdict, summary: `${step}: ${summary}`, isUnlucky: false, errors: {}, exact: {} };
}

interface Compared extends Judged {
  attempts: ReadonlyMap<string, number>;
}

function compare({ product, fault, record, attempts }: Compared): Pick<CycleOutcome, 'errors' | 'exact'> {
  const baseline = record.phases.find(({ phase }) => phase === 'baseline') ?? record;
  const view = callsBetween(record, { from: 'gateway', to: 'payments', baseline });
  if (view.kind === 'unknown') return { errors: {}, exact: { attempts: [false] } };
  const seen: RetryEstimates = estimateRetries(view.callsIn(fault));
  const counted = seen.calls.every((call) => call.attempts.length === attempts.get(call.attempts[0].token ?? ''));
  const first = seen.waits.find(({ attempt }) => attempt === 2);
  return {
    errors: first === undefined ? {} : { 'first wait': [Math.abs(first.medianMs - product.firstWaitMs)] },
    exact: { attempts: [counted], 'back-off law': [backoffLaw(seen.waits)?.startsWith(product.law) === true] },
  };
}
