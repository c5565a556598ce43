/** What cycles add up to: the confusion matrix, the median error of each estimate, and which targets were missed. */
import type { Verdict } from '../../src/verify/check.js';
import { quantile } from '../../src/verify/inference/statistics.js';
import type { Cell, CycleOutcome, Product, Recognition } from './product.js';

export interface Score {
  product: string;
  kind: Product['kind'];
  cycles: number;
  matrix: Readonly<Record<Cell, Readonly<Record<Verdict, number>>>>;
  /** Cycles in which chance made a good defence bad or a bad one good; not in the matrix. */
  unlucky: number;
  estimates: readonly { name: string; medianError: number; errorMax: number | undefined; samples: number }[];
  exact: readonly { name: string; share: number; samples: number }[];
  /** Of which product it was taken for; undefined where nobody asked. */
  fingerprint: Readonly<Record<Recognition, number>> | undefined;
  missed: readonly string[];
  /** Missing in results of before real products had any. */
  isNoisy?: true;
}

/** The targets. */
const FAILED_GOOD_MAX = 0.005;
const UNDECIDED_MAX = 0.02;
const EXACT_MIN = 0.99;
const RECOGNIZED_MIN = 0.95;

const RIGHT: Readonly<Record<Cell, Verdict>> = { good: 'pass', bad: 'fail', idle: 'inconclusive' };

/** Not the verdict that it should have been. */
export function isOff({ cell, verdict, isUnlucky }: CycleOutcome): boolean {
  return !isUnlucky && verdict !== RIGHT[cell];
}

/** The opposite of what it should have been, or a verdict where there was nothing to judge. An undecided one is a waste, and no lie. */
export function isWrong(outcome: CycleOutcome): boolean {
  return isOff(outcome) && outcome.verdict !== 'inconclusive';
}

export function scoreOf(product: Product, outcomes: readonly CycleOutcome[]): Score {
  const counted = outcomes.filter((outcome) => !outcome.isUnlucky);
  const matrix = { good: verdictsOf(counted, 'good'), bad: verdictsOf(counted, 'bad'), idle: verdictsOf(counted, 'idle') };
  const estimates = collected(outcomes.map((outcome) => outcome.errors)).map(([name, errors]) => ({
    name,
    medianError: quantile(
      [...errors].sort((a, b) => a - b),
      0.5,
    ),
    errorMax: product.errorsMax[name],
    samples: errors.length,
  }));
  const exact = collected(outcomes.map((outcome) => outcome.exact)).map(([name, hits]) => ({
    name,
    share: hits.filter(Boolean).length / hits.length,
    samples: hits.length,
  }));
  const fingerprint = recognitionsOf(outcomes);
  const known = { product: product.name, kind: product.kind, cycles: outcomes.length, matrix, estimates, exact, fingerprint };
  return { ...known, unlucky: outcomes.length - counted.length, missed: missedTargets(known), isNoisy: true };
}

function verdictsOf(outcomes: readonly CycleOutcome[], cell: Cell): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, inconclusive: 0, error: 0 };
  for (const outcome of outcomes) if (outcome.cell === cell) counts[outcome.verdict] += 1;
  return counts;
}

function recognitionsOf(outcomes: readonly CycleOutcome[]): Record<Recognition, number> | undefined {
  const asked = outcomes.flatMap(({ fingerprint }) => fingerprint ?? []);
  const count = (recognition: Recognition): number => asked.filter((one) => one === recognition).length;
  return asked.length === 0 ? undefined : { right: count('right'), unsure: count('unsure'), wrong: count('wrong') };
}

function collected<T>(records: readonly Readonly<Record<string, readonly T[]>>[]): [string, T[]][] {
  const all = new Map<string, T[]>();
  for (const record of records) {
    for (const [name, values] of Object.entries(record)) all.set(name, [...(all.get(name) ?? []), ...values]);
  }
  return [...all].filter(([, values]) => values.length > 0);
}

function missedTargets({ matrix, estimates, exact, fingerprint }: Pick<Score, 'matrix' | 'estimates' | 'exact' | 'fingerprint'>): string[] {
  const total = (cell: Cell): number => Object.values(matrix[cell]).reduce((sum, count) => sum + count, 0);
  const judgedIdle = total('idle') - matrix.idle.inconclusive;
  const missed: string[] = [];
  if (matrix.bad.pass > 0) missed.push(`${matrix.bad.pass} of ${total('bad')} known-bad passed`);
  if (matrix.good.fail > FAILED_GOOD_MAX * total('good')) missed.push(`${matrix.good.fail} of ${total('good')} known-good failed`);
  if (matrix.good.inconclusive > UNDECIDED_MAX * total('good')) {
    missed.push(`${matrix.good.inconclusive} of ${total('good')} known-good were undecided`);
  }
  if (judgedIdle > 0) missed.push(`${judgedIdle} of ${total('idle')} idle were judged`);
  for (const { name, medianError, errorMax } of estimates) {
    if (errorMax !== undefined && medianError > errorMax) {
      missed.push(`${name}: median error ${medianError.toFixed(1)}, allowed ${errorMax.toFixed(1)}`);
    }
  }
  for (const { name, share, samples } of exact) {
    if (share < EXACT_MIN) missed.push(`${name}: exact in ${(100 * share).toFixed(1)} % of ${samples}`);
  }
  if (fingerprint !== undefined) {
    const { right, unsure, wrong } = fingerprint;
    const total = right + unsure + wrong;
    if (right < RECOGNIZED_MIN * total) missed.push(`fingerprint: right in ${right} of ${total}, wrong in ${wrong}`);
  }
  return missed;
}
