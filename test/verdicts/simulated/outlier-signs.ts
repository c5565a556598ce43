/** By what balancers tell a bad instance: runs of errors, errors that are forgotten in time, shares in an interval, shares beside those of its peers. */

export type Signs =
  | { kind: 'consecutive'; errors: number }
  /** So many errors within a time; a success may clear them. */
  | { kind: 'withinTime'; errors: number; windowMs: number; successClears: boolean }
  /** nginx: errors add up while each comes within this time of the one before. */
  | { kind: 'gap'; errors: number; gapMs: number }
  /** At every tick, of the interval that has just ended: below the mean by so many standard deviations. */
  | { kind: 'successRate'; everyMs: number; requestsMin: number; deviations: number }
  /** At every tick: so many per cent failed. */
  | { kind: 'failurePercentage'; everyMs: number; requestsMin: number; percentage: number; comparison: '>' | '>=' };

/** What is kept of one instance. */
export interface Tally {
  run: number;
  failedMs: number[];
  lastFailedMs: number;
  good: number;
  bad: number;
}

export const newTally = (): Tally => ({ run: 0, failedMs: [], lastFailedMs: Number.NEGATIVE_INFINITY, good: 0, bad: 0 });

export function tickMs(signs: Signs): number | undefined {
  return 'everyMs' in signs ? signs.everyMs : undefined;
}

/** Takes an answer down. Whether the instance is an outlier by it, at once. */
export function note(tally: Tally, { signs, ok, atMs }: { signs: Signs; ok: boolean; atMs: number }): boolean {
  tally.run = ok ? 0 : tally.run + 1;
  if (ok) tally.good += 1;
  else tally.bad += 1;
  switch (signs.kind) {
    case 'consecutive':
      return tally.run >= signs.errors;
    case 'withinTime':
      if (ok && signs.successClears) tally.failedMs = [];
      if (!ok) tally.failedMs = [...tally.failedMs.filter((failedMs) => failedMs > atMs - signs.windowMs), atMs];
      return !ok && tally.failedMs.length >= signs.errors;
    case 'gap':
      if (ok) return false;
      tally.failedMs = atMs - tally.lastFailedMs <= signs.gapMs ? [...tally.failedMs, atMs] : [atMs];
      tally.lastFailedMs = atMs;
      return tally.failedMs.length >= signs.errors;
    default:
      return false;
  }
}

/** Which of these are outliers by the interval that ends now. */
export function outliersOf(tallies: readonly Tally[], signs: Signs): readonly boolean[] {
  if (signs.kind === 'successRate') return belowPeers(tallies, signs);
  if (signs.kind !== 'failurePercentage') return tallies.map(() => false);
  return tallies.map(({ good, bad }) => {
    const failed = (100 * bad) / Math.max(1, good + bad);
    return good + bad >= signs.requestsMin && (signs.comparison === '>' ? failed > signs.percentage : failed >= signs.percentage);
  });
}

function belowPeers(tallies: readonly Tally[], signs: Extract<Signs, { kind: 'successRate' }>): boolean[] {
  const rates = tallies.map(({ good, bad }) => (good + bad >= signs.requestsMin ? good / (good + bad) : undefined));
  const known = rates.filter((rate) => rate !== undefined);
  const mean = known.reduce((sum, rate) => sum + rate, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / known.length);
  return rates.map((rate) => known.length >= 5 && rate !== undefined && rate < mean - signs.deviations * deviation);
}
