/** Times in which somebody surely held something, and those that overlap: two held it at once. */
import { grouped } from '../../core/grouped.js';
import { lowerBound } from '../inference/statistics.js';
import type { Findings } from './checker.js';
import type { Operation } from './operation.js';

export interface Holding {
  readonly acquire: Operation;
  readonly fromMs: number;
  readonly toMs: number;
}

/** When the holder next began to let go, answered or not: from then on he does not hold it for sure. Infinity if he never did. */
export function createReleases(operations: readonly Operation[]): (acquire: Operation) => number {
  const releases = operations.filter(({ f, outcome }) => f === 'release' && outcome !== 'failed');
  const byProcess = grouped(releases, ({ process }) => process);
  return ({ process, endMs }) => {
    const own = byProcess.get(process) ?? [];
    return own[lowerBound(own, endMs, ({ startMs }) => startMs)]?.startMs ?? Number.POSITIVE_INFINITY;
  };
}

/** Who holds it and asks again gets the same grant with more time, token and all: neither a second grant nor a second holder. */
export function isRenewal(before: Operation, after: Operation): boolean {
  return after.token !== undefined && after.token === before.token && after.process === before.process;
}

/** Each that begins while an earlier one lasts is told once, but for renewals of that. Those that begin when another ends do not overlap. */
export function tellOverlaps(holdings: readonly Holding[], findings: Findings): void {
  let longest: Holding | undefined;
  for (const holding of holdings.filter(({ fromMs, toMs }) => fromMs < toMs).sort((a, b) => a.fromMs - b.fromMs)) {
    if (longest !== undefined && holding.fromMs < longest.toMs && !isRenewal(longest.acquire, holding.acquire)) {
      const [before, after] = [longest.acquire, holding.acquire];
      const says = `${after.process} was given it (event ${after.id}) while ${before.process} held it (event ${before.id})`;
      findings.add('two holders', says, [before, after]);
    }
    if (longest === undefined || holding.toMs > longest.toMs) longest = holding;
  }
}
