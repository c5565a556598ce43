/**
 * Is one value, written and read, as if there were a single copy of it? By the zones of Gibbons and Korach: since no value is written twice, a write and the reads of
 * its value belong together and nothing else may come between, so the question is only which of these groups can come before which. O(n log n).
 */
import { z } from 'zod';
import { firstWhere } from '../../journal/columns/row-order.js';
import { defineHistoryChecker, type Fact, Findings, sumFact } from './checker.js';
import { describeOperation, isBefore, type Operation } from './operation.js';
import { groupByValue, type ValueGroup } from './value-group.js';

/** A write with the reads of its value. */
interface Cluster {
  /** Undefined: the value that was there before all writes. */
  readonly write: Operation | undefined;
  readonly reads: Operation[];
  /** The one that is over first, and the one that begins last: between them the value must have been there. */
  readonly firstEnd: Operation | undefined;
  readonly lastStart: Operation | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

export const register = defineHistoryChecker({
  name: 'register',
  summary: 'Demands that reads and writes look as if there were one copy (linearizable); every value may be written once only.',
  schema: z.strictObject({}),
  example: {},
  knows: () => ({ write: { input: 'text', output: 'none' }, read: { input: 'none', output: 'textOrNone' } }),
  check: (_params, operations) => {
    const findings = new Findings();
    const groups = groupByValue(operations, findings);
    if (groups === undefined) return new Findings().result([], 'a value was written twice, so nobody knows which write a read saw');
    const clusters = [...groups.values()].map(zoneOf);
    const acknowledged = operations.filter(({ f, outcome }) => f === 'write' && outcome === 'ok').length;
    return findings.result([sumFact('acknowledged writes', acknowledged), ...judgeZones(clusters, findings)]);
  },
});

function zoneOf({ write, reads }: ValueGroup): Cluster {
  const all = write === undefined ? reads : [write, ...reads];
  const firstEnd = least(all, ({ endMs }) => endMs);
  const lastStart = least(all, ({ startMs }) => -startMs);
  const fromMs = write === undefined ? Number.NEGATIVE_INFINITY : (firstEnd?.endMs ?? 0);
  return { write, reads, firstEnd, lastStart, fromMs, toMs: lastStart?.startMs ?? Number.NEGATIVE_INFINITY };
}

function least(operations: readonly Operation[], keyOf: (operation: Operation) => number): Operation | undefined {
  return operations.reduce<Operation | undefined>((best, one) => (best === undefined || keyOf(one) < keyOf(best) ? one : best), undefined);
}

/**
 * A zone is forward where its value was seen to last: from `fromMs` to `toMs` it must have been the value, all the time. Two such that overlap cannot be; neither can
 * a value all of whose operations lie within that time of another. No other two are in each other's way.
 */
function judgeZones(clusters: readonly Cluster[], findings: Findings): Fact[] {
  const forward = clusters.filter(({ fromMs, toMs }) => fromMs < toMs).sort((a, b) => a.fromMs - b.fromMs);
  const clashes: Clash[] = [];
  // Of those up to each, the one that lasts longest.
  const longest: Cluster[] = [];
  for (const zone of forward) {
    const before = longest.at(-1);
    if (before !== undefined && zone.fromMs < before.toMs) clashes.push({ lasting: before, other: zone });
    longest.push(before !== undefined && before.toMs >= zone.toMs ? before : zone);
  }
  for (const zone of clusters.filter(({ fromMs, toMs }) => fromMs >= toMs)) {
    const around = longest[firstWhere(0, forward.length, (i) => (forward[i]?.fromMs ?? 0) >= zone.toMs) - 1];
    if (around !== undefined && around.toMs > zone.fromMs) clashes.push({ lasting: around, other: zone });
  }
  for (const clash of clashes) tell(clash, findings);
  const lost = clashes.filter(isLost);
  const gapsMs = lost.map(({ lasting, other }) => (other.write?.startMs ?? 0) - (lasting.write?.startMs ?? other.write?.startMs ?? 0));
  const agesMs = clashes.map(({ lasting, other }) => lasting.toMs - (other.write?.endMs ?? lasting.toMs));
  return [
    sumFact('lost writes', lost.length),
    longestFact('largest gap before a lost write', gapsMs),
    longestFact('longest time since what was read had been replaced', agesMs),
  ];
}

/** Two values of which each must have been there while the other was. */
interface Clash {
  /** It is seen again after the other. */
  readonly lasting: Cluster;
  readonly other: Cluster;
}

/** Acknowledged, and nobody ever saw it. */
function isLost({ other }: Clash): boolean {
  return other.reads.length === 0 && other.write?.outcome === 'ok';
}

function tell(clash: Clash, findings: Findings): void {
  const { lasting, other } = clash;
  const proof = [lasting.write, lasting.firstEnd, other.write, other.firstEnd, other.lastStart, lasting.lastStart].filter(
    (one) => one !== undefined,
  );
  const [again, seen] = [lasting.lastStart, other.lastStart];
  if (again === undefined || seen === undefined) return;
  const isReplaced =
    other.write !== undefined && isBefore(other.write, again) && (lasting.write === undefined || isBefore(lasting.write, other.write));
  if (isReplaced || isLost(clash)) {
    const says = `${describeOperation(again)} saw a value that ${describeOperation(other.write ?? seen)} had replaced`;
    findings.add(isLost(clash) ? 'lost write' : 'stale read', says, proof);
  } else {
    findings.add('two at once', `${describeOperation(again)} and ${describeOperation(seen)} saw two values in turn`, proof);
  }
}

function longestFact(name: string, timesMs: readonly number[]): Fact {
  return { name, value: timesMs.reduce((longest, ms) => Math.max(longest, ms), 0), of: 'max', unit: 'ms' };
}
