/**
 * Can a counter have shown what was read? At least what had surely been added when the read began, at most what may have been added when it was over. Necessary and not
 * enough: two reads may be possible alone and not together, which `linearizable` with `counter` finds, of short histories.
 */
import { z } from 'zod';
import { lowerBound } from '../inference/statistics.js';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { describeOperation, type Operation } from './operation.js';

export const counter = defineHistoryChecker({
  name: 'counter',
  summary: 'Demands that each read of a counter lies between what had surely and what had possibly been added.',
  schema: z.strictObject({}),
  example: {},
  knows: () => ({ add: { input: 'number', output: 'none' }, read: { input: 'none', output: 'number' } }),
  check: (_params, operations) => {
    const findings = new Findings();
    const adds = operations.filter(({ f, outcome }) => f === 'add' && outcome !== 'failed');
    const reads = operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
    const done = adds.filter(({ outcome }) => outcome === 'ok');
    const isUp = ({ input }: Operation): boolean => Number(input) >= 0;
    const isDown = (add: Operation): boolean => !isUp(add);
    const [endOf, startOf] = [({ endMs }: Operation): number => endMs, ({ startMs }: Operation): number => startMs];
    const sure = { up: sumsBy(done.filter(isUp), endOf), down: sumsBy(done.filter(isDown), endOf) };
    const possible = { up: sumsBy(adds.filter(isUp), startOf), down: sumsBy(adds.filter(isDown), startOf) };
    for (const read of reads) {
      // One that ends, or begins, at the very instant may come before or after.
      const least = sure.up.before(read.startMs) + possible.down.upTo(read.endMs);
      const most = possible.up.upTo(read.endMs) + sure.down.before(read.startMs);
      const value = Number(read.output);
      if (value < least) findings.add('too low', `${describeOperation(read)} is below ${least}, which had surely been added`, [read]);
      if (value > most) findings.add('too high', `${describeOperation(read)} is above ${most}, which is all that had been sent`, [read]);
    }
    const facts = [sumFact('added', adds.length), sumFact('read', reads.length)];
    return findings.result(facts, reads.length === 0 ? 'nobody read the counter' : undefined);
  },
});

/** Exact, however large. */
interface Sums {
  /** Of all whose time is below, and of those at it as well. */
  before(atMs: number): bigint;
  upTo(atMs: number): bigint;
}

function sumsBy(adds: readonly Operation[], timeOf: (add: Operation) => number): Sums {
  const ordered = [...adds].sort((a, b) => timeOf(a) - timeOf(b));
  const sums = [0n];
  for (const { input } of ordered) sums.push((sums.at(-1) ?? 0n) + BigInt(Number(input)));
  const before = (atMs: number): bigint => sums[lowerBound(ordered, atMs, timeOf)] ?? 0n;
  return {
    before,
    upTo: (atMs) => {
      let index = lowerBound(ordered, atMs, timeOf);
      for (let one = ordered[index]; one !== undefined && timeOf(one) === atMs; one = ordered[index]) index += 1;
      return sums[index] ?? 0n;
    },
  };
}
