/**
 * Which writes came too late: with a token below one that the resource had already accepted. The resource's own order is not on the wire, so
 * of two writes that overlap either may have been first: such a pair is doubtful, never a finding.
 */
import type { RecordedExchange } from '../../journal/record.js';
import type { OwnOutcome } from './own-outcome.js';
import { lowerBound } from './statistics.js';

export interface TokenWrite {
  exchange: RecordedExchange;
  token: bigint;
  outcome: OwnOutcome;
}

/** A write, and the accepted one with the newest token that had been (or may have been) before it. */
export interface StaleWrite extends TokenWrite {
  newer: TokenWrite;
}

export interface FencingHistory {
  /** Surely after a newer one was accepted. */
  stale: readonly StaleWrite[];
  /** Accepted, and perhaps after a newer one was. */
  doubtful: readonly StaleWrite[];
}

/** Of a header that should hold a whole number of any size; undefined where it does not. */
export function tokenOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,200}$/.test(text) ? BigInt(text) : undefined;
}

/** A resource cannot have done a write before it had all of it: one that was held on its way counts from when it was let go. */
function earliestMs({ exchange }: TokenWrite): number {
  return exchange.requestEndMs ?? exchange.startMs;
}

/** Nor after it answered. */
function latestMs({ exchange }: TokenWrite): number {
  return exchange.responseStartMs ?? exchange.endMs;
}

export function fencingHistory(writes: readonly TokenWrite[]): FencingHistory {
  const accepted = writes.filter((write) => write.outcome === 'accepted');
  const surelyBefore = newestBy(accepted, latestMs);
  const perhapsBefore = newestBy(accepted, earliestMs);
  const stale: StaleWrite[] = [];
  const doubtful: StaleWrite[] = [];
  for (const write of writes) {
    const before = surelyBefore(earliestMs(write));
    const perhaps = perhapsBefore(latestMs(write));
    if (before !== undefined && before.token > write.token) stale.push({ ...write, newer: before });
    else if (write.outcome === 'accepted' && perhaps !== undefined && perhaps.token > write.token) {
      doubtful.push({ ...write, newer: perhaps });
    }
  }
  return { stale, doubtful };
}

/** Of all whose time lies before an instant, the one with the newest token. */
function newestBy(writes: readonly TokenWrite[], timeOf: (write: TokenWrite) => number): (atMs: number) => TokenWrite | undefined {
  const ordered = [...writes].sort((a, b) => timeOf(a) - timeOf(b));
  const newest: TokenWrite[] = [];
  for (const write of ordered) {
    const last = newest.at(-1);
    newest.push(last !== undefined && last.token >= write.token ? last : write);
  }
  return (atMs) => newest[lowerBound(ordered, atMs, timeOf) - 1];
}

/** Tokens that more than one had when writes were accepted: two held the lease at once. `holderOf`: the caller, where it is not said. */
export function sharedTokens(
  writes: readonly TokenWrite[],
  holderOf: (exchange: RecordedExchange) => string = ({ from }) => from,
): { token: bigint; writes: readonly TokenWrite[] }[] {
  const first = new Map<bigint, Map<string, TokenWrite>>();
  for (const write of writes) {
    if (write.outcome !== 'accepted') continue;
    const holders = first.get(write.token) ?? new Map<string, TokenWrite>();
    const holder = holderOf(write.exchange);
    if (!holders.has(holder)) holders.set(holder, write);
    first.set(write.token, holders);
  }
  return [...first].filter(([, holders]) => holders.size > 1).map(([token, holders]) => ({ token, writes: [...holders.values()] }));
}
