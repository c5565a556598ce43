/** Is nothing made and nothing lost? Every read of all accounts must add up to the same total, whatever was being moved between them at the time. */
import { z } from 'zod';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { describeOperation, type Operation } from './operation.js';

export const bank = defineHistoryChecker({
  name: 'bank',
  summary: 'Demands that the accounts add up to the same total at every read, and that none is overdrawn.',
  schema: z.strictObject({
    total: z.number().optional().meta({ description: 'what they add up to; as in the first read if omitted' }),
    negative: z.enum(['allowed', 'forbidden']).default('forbidden').meta({ description: 'accounts below nothing' }),
  }),
  example: { total: 100 },
  knows: () => ({ transfer: { input: 'none', output: 'none' }, read: { input: 'none', output: 'figures' } }),
  check: ({ total: promised, negative }, operations) => {
    const findings = new Findings();
    const reads = operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
    const [first] = reads;
    if (first === undefined) return findings.result([], 'nobody read the accounts');
    const total = promised ?? totalOf(first);
    const names = Object.keys(accountsOf(first)).sort().join();
    for (const read of reads) {
      const found = totalOf(read);
      if (found !== total) findings.add('wrong total', `${describeOperation(read)} adds up to ${found}, and not to ${total}`, [read]);
      if (Object.keys(accountsOf(read)).sort().join() !== names)
        findings.add('other accounts', `${describeOperation(read)} has other accounts than the first read`, [first, read]);
      const overdrawn = Object.entries(accountsOf(read)).find(([, balance]) => balance < 0);
      if (negative === 'forbidden' && overdrawn !== undefined)
        findings.add('overdrawn', `${overdrawn[0]} was at ${overdrawn[1]} (event ${read.id})`, [read]);
    }
    return findings.result([sumFact('reads', reads.length)]);
  },
});

function accountsOf(read: Operation): Readonly<Record<string, number>> {
  return read.output as Readonly<Record<string, number>>;
}

/** Added up exactly, so that equal totals stay equal whatever is where. */
function totalOf(read: Operation): number {
  return Number(Object.values(accountsOf(read)).reduce((sum, balance) => sum + BigInt(balance), 0n));
}
