/**
 * Cycles of a simulated caller that tries again: most attempts fail for ten seconds, and a hundredth of them at any time. How often it tries and how
 * it waits is the product's law; the caller's own log is the truth.
 */
import type { RunRecord } from '../../../src/journal/record.js';
import type { Verdict } from '../../../src/verify/check.js';
import { retry } from '../../../src/verify/checks/retry.js';
import { callsBetween } from '../../../src/verify/inference/calls.js';
import { estimateRetries, type RetryEstimates } from '../../../src/verify/inference/retries.js';
import { backoffLaw, jitterOf } from '../../../src/verify/rules/retry-rules.js';
import { CALLER_FAULT, type CallerScene, callerCycle } from '../../support/simulated-caller.js';
import type { Cell, CycleOutcome, SimulatedProduct } from '../product.js';

export interface RetryProduct {
  name: string;
  summary: string;
  /** The first included. */
  attemptsMax: number;
  /** Wait before attempt number `n` (2, 3 …). */
  waitMs(n: number, draw: () => number): number;
  /** No wait is shorter. */
  waitMsMin: number;
  firstWaitMedianMs: number;
  /** The first word of what the estimate has to call it. */
  law: 'fixed' | 'exponential';
  /** What the spread of the first wait has to be called; left out where it has no name. */
  jitter?: string;
}

/** What is judged by. Another one can be put in its place, to see whether the suite finds it wrong. */
export interface RetryEstimator {
  verdict(record: RunRecord, limits: RetryLimits): { verdict: Verdict; summary: string };
  estimates(record: RunRecord): RetryEstimates | undefined;
}

interface RetryLimits {
  maxAttempts: number;
  minRetried: number;
  backoff?: { min: string };
}

const HARM_RATIO = 0.7;

const FLAWS: readonly ((product: RetryProduct) => Partial<CallerScene>)[] = [
  ({ attemptsMax, waitMs }) => ({ policy: { attemptsMax: attemptsMax + 1, waitMs } }),
  () => ({ policy: { attemptsMax: 1 } }),
  // It repeats what may have been done.
  () => ({ method: 'POST', harm: 'answerLost' }),
  ({ attemptsMax, waitMs, waitMsMin }) =>
    waitMsMin > 1 ? { policy: { attemptsMax, waitMs: () => 1 } } : { policy: { attemptsMax: attemptsMax + 2, waitMs } },
];

export const OURS: RetryEstimator = {
  verdict: (record, limits) => {
    const params = retry.schema.parse({ from: 'gateway', to: 'payments', during: CALLER_FAULT, ...limits });
    return retry.evaluate(params, record);
  },
  estimates: (record) => {
    const [fault] = record.faults;
    const baseline = record.phases.find(({ phase }) => phase === 'baseline') ?? record;
    const view = callsBetween(record, { from: 'gateway', to: 'payments', baseline });
    return view.kind === 'unknown' || fault === undefined ? undefined : estimateRetries(view.callsIn(fault));
  },
};

export function simulatedRetries(product: RetryProduct, estimator: RetryEstimator = OURS): SimulatedProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'retries',
    errorsMax: { 'first wait': 10 },
    cycle: (cell, seed) => cycleOf(product, { cell, seed, estimator }),
  };
}

function cycleOf(product: RetryProduct, { cell, seed, estimator }: { cell: Cell; seed: number; estimator: RetryEstimator }): CycleOutcome {
  const { attemptsMax, waitMs, waitMsMin } = product;
  const flaw = cell === 'bad' ? (FLAWS[seed % FLAWS.length]?.(product) ?? {}) : {};
  const isUnfelt = cell === 'idle' && seed % 2 === 0;
  const good = { policy: { attemptsMax, waitMs }, harm: 'unavailable', harmRatio: HARM_RATIO, method: 'GET' } as const;
  const { record, truth } = callerCycle({ seed, ...good, ...flaw, isUnfelt, isIdle: cell === 'idle' && !isUnfelt });
  const limits = { maxAttempts: attemptsMax, minRetried: 90, ...(waitMsMin > 0 && { backoff: { min: `${waitMsMin}ms` } }) };
  const { verdict, summary } = estimator.verdict(record, limits);
  const seen = cell === 'good' ? estimator.estimates(record) : undefined;
  const compared = seen === undefined ? { errors: {}, exact: {} } : compare(product, seen, truth.attempts);
  return { cell, verdict, summary: `seed ${seed}: ${summary}`, isUnlucky: false, ...compared };
}

function compare(product: RetryProduct, seen: RetryEstimates, attempts: readonly number[]): Pick<CycleOutcome, 'errors' | 'exact'> {
  const first = seen.waits.find(({ attempt }) => attempt === 2);
  const jitter = first?.variation === undefined ? undefined : jitterOf(first.variation);
  return {
    errors: first === undefined ? {} : { 'first wait': [Math.abs(first.medianMs - product.firstWaitMedianMs)] },
    exact: {
      attempts: [seen.calls.map((call) => call.attempts.length).join() === attempts.join()],
      'back-off law': [backoffLaw(seen.waits)?.startsWith(product.law) === true],
      ...(product.jitter !== undefined && { jitter: [jitter === product.jitter] }),
    },
  };
}
