/**
 * What most exchanges do not have. Faults are told apart from the rest of it: while one is on, very many have the same, and are to be compared as quickly as those
 * that have none.
 */
import type { Exchange } from '../observations.js';

export const RARE = [
  ...(['expectation', 'isStandIn', 'isCopy', 'grpcStatus', 'endedBy', 'endedHow', 'handshake', 'resetCode'] as const),
  ...(['matched', 'applied', 'skipped'] as const),
] as const;

export type Rare = {
  readonly [K in (typeof RARE)[number]]?: Exchange[K] | undefined;
};

/** Named one by one: gathering the rest of them in an object would copy the exchange. */
export function isUsual({ endedBy, endedHow, handshake, resetCode, grpcStatus, expectation, isStandIn, isCopy, skipped }: Rare): boolean {
  const early = endedBy ?? endedHow ?? handshake ?? resetCode;
  const said = expectation ?? isStandIn ?? isCopy;
  return (early ?? grpcStatus ?? said ?? skipped) === undefined;
}

/** Whether a fault matched it or was applied to it. */
export function isFaulted({ matched, applied }: Rare): boolean {
  return (matched ?? applied) !== undefined;
}

/** The same faults matched, and the same were applied. */
export function isSameFaults(a: Rare, b: Rare): boolean {
  return isSameList(a.matched, b.matched) && isSameList(a.applied, b.applied);
}

function isSameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
