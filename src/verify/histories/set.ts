/**
 * Is what was added there in the end? The last read is the truth: it has to begin when the writing is over. What was acknowledged and is missing is lost; what was
 * never sent and is there is invented; what timed out and is there was done after all, which is allowed.
 */
import { z } from 'zod';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { describeOperation, isBefore, type Operation } from './operation.js';

export const set = defineHistoryChecker({
  name: 'set',
  summary: 'Demands that a final read holds all that was acknowledged, and nothing that was not sent.',
  schema: z.strictObject({
    stale: z
      .enum(['allowed', 'forbidden'])
      .default('allowed')
      .meta({ description: '`forbidden`: reads before the last must hold all that was acknowledged before them, too' }),
  }),
  example: {},
  knows: () => ({ add: { input: 'text', output: 'none' }, read: { input: 'none', output: 'texts' } }),
  check: ({ stale }, operations) => {
    const adds = operations.filter(({ f }) => f === 'add');
    const reads = operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
    const last = reads.at(-1);
    if (last === undefined) return new Findings().result([], 'nobody read what is there in the end');
    const findings = new Findings();
    const there = new Set(last.output as readonly string[]);
    const acked = adds.filter(({ outcome }) => outcome === 'ok');
    const lost = acked.filter((add) => isBefore(add, last) && !there.has(String(add.input)));
    for (const add of lost) findings.add('lost', `${describeOperation(add)} was acknowledged and is not there in the end`, [add, last]);
    tellInvented(reads, adds, findings);
    const late = missedBefore(acked, reads.slice(0, -1), there);
    if (stale === 'forbidden') {
      for (const { add, read } of late)
        findings.add('stale read', `${describeOperation(read)} missed ${describeOperation(add)}`, [add, read]);
    }
    const recovered = adds.filter(({ outcome, input }) => outcome === 'unknown' && there.has(String(input)));
    const facts = [
      sumFact('acknowledged', acked.length),
      sumFact('lost', lost.length),
      sumFact('recovered', recovered.length),
      sumFact('missed for a while', late.length),
    ];
    return findings.result(facts);
  },
});

/** Elements that no add explains: never sent, refused, or sent only when the read was over. */
function tellInvented(reads: readonly Operation[], adds: readonly Operation[], findings: Findings): void {
  const first = new Map<string, Operation>();
  for (const add of adds) if (add.outcome !== 'failed' && !first.has(String(add.input))) first.set(String(add.input), add);
  for (const read of reads) {
    for (const element of read.output as readonly string[]) {
      const add = first.get(element);
      if (add !== undefined && !isBefore(read, add)) continue;
      findings.add('unexpected', `${JSON.stringify(element)} was read (event ${read.id}) and had not been added`, [read]);
    }
  }
}

/** Of what is there in the end: reads that began after an add was acknowledged and did not hold it. The first of each element. */
function missedBefore(acked: readonly Operation[], reads: readonly Operation[], there: ReadonlySet<string>) {
  const missed = new Map<string, { add: Operation; read: Operation }>();
  for (const read of reads) {
    const held = new Set(read.output as readonly string[]);
    for (const add of acked) {
      const element = String(add.input);
      if (isBefore(add, read) && !held.has(element) && there.has(element) && !missed.has(element)) missed.set(element, { add, read });
    }
  }
  return [...missed.values()];
}
