/**
 * Does a lease keep its promises, and the resource behind it its fence? No two hold it at once, tokens grow with every grant, and the resource takes no write with an older
 * token than one that it took before. A fence that no stale write ran into has shown nothing, so that history is left open; a write that never got there has not run into it.
 */
import { z } from 'zod';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { createReleases, type Holding, isRenewal, tellOverlaps } from './holding.js';
import { newestBefore } from './newest-before.js';
import { describeOperation, isBefore, type Operation } from './operation.js';

export const lease = defineHistoryChecker({
  name: 'lease',
  summary: 'Demands that leases do not overlap, that their tokens grow, and that no write is taken with an older token than one before.',
  schema: z.strictObject({
    minStale: z.int().min(0).default(1).meta({ description: 'stale writes that must have been refused for the fence to count as tried' }),
  }),
  example: { minStale: 1 },
  knows: () => ({
    acquire: { input: 'none', output: 'none', needs: ['token', 'validMs'] },
    release: { input: 'none', output: 'none' },
    write: { input: 'text', output: 'none', needs: ['token'] },
    read: { input: 'none', output: 'textOrNone' },
  }),
  check: ({ minStale }, operations) => {
    const findings = new Findings();
    const grants = operations.filter(({ f, outcome }) => f === 'acquire' && outcome === 'ok');
    const releaseMs = createReleases(operations);
    tellOverlaps(
      grants.map((grant) => holdingOf(grant, releaseMs(grant))),
      findings,
    );
    tellTokens(grants, findings);
    const refused = tellStaleWrites(
      operations.filter(({ f, token }) => f === 'write' && token !== undefined),
      findings,
    );
    tellLastWrite(operations, findings);
    const facts = [sumFact('grants', grants.length), sumFact('stale writes refused', refused)];
    return findings.result(
      facts,
      refused < minStale ? `${refused} stale writes were refused, ${minStale} are needed to know that there is a fence` : undefined,
    );
  },
});

/** It was granted after it was asked for and before that was answered, so it surely runs from the answer until its time after the question. */
function holdingOf(grant: Operation, releaseMs: number): Holding {
  return { acquire: grant, fromMs: grant.endMs, toMs: Math.min(grant.startMs + (grant.validMs ?? 0), releaseMs) };
}

const tokenOf = ({ token = 0 }: Operation): number => token;

function tellTokens(grants: readonly Operation[], findings: Findings): void {
  const newest = newestBefore(grants, tokenOf);
  const seen = new Map<number | undefined, Operation>();
  for (const grant of grants) {
    const before = newest(grant.startMs);
    const same = seen.get(grant.token);
    if (same !== undefined && !isRenewal(same, grant))
      findings.add('token given twice', `token ${grant.token} was given to ${same.process} and to ${grant.process}`, [same, grant]);
    else if (before !== undefined && tokenOf(before) > tokenOf(grant)) {
      findings.add('token went back', `${grant.process} was given token ${grant.token} after ${before.process} had ${before.token}`, [
        before,
        grant,
      ]);
    }
    seen.set(grant.token, grant);
  }
}

/** How many were refused: answered by whoever keeps the fence. A connection that was refused says nothing of it. */
function tellStaleWrites(writes: readonly Operation[], findings: Findings): number {
  const newest = newestBefore(
    writes.filter(({ outcome }) => outcome === 'ok'),
    tokenOf,
  );
  let refused = 0;
  for (const write of writes) {
    const before = newest(write.startMs);
    if (before === undefined || tokenOf(before) <= tokenOf(write)) continue;
    if (write.outcome === 'failed' && !write.neverArrived) refused += 1;
    if (write.outcome === 'ok') {
      findings.add('stale write', `${describeOperation(write)} was taken with token ${write.token} after one with ${before.token}`, [
        before,
        write,
      ]);
    }
  }
  return refused;
}

/** After the last write, what is there is what the newest token wrote last; of writes that overlap any may have been. */
function tellLastWrite(operations: readonly Operation[], findings: Findings): void {
  const writes = operations.filter(({ f, outcome }) => f === 'write' && outcome !== 'failed');
  const read = operations.findLast(({ f, outcome }) => f === 'read' && outcome === 'ok');
  if (read === undefined || writes.length === 0 || !writes.every((write) => isBefore(write, read))) return;
  const token = writes.reduce((newest, write) => Math.max(newest, tokenOf(write)), 0);
  const holders = writes.filter((write) => write.token === token);
  const last = holders.filter((write) => !holders.some((other) => isBefore(write, other)));
  if (last.some(({ input }) => input === read.output)) return;
  findings.add('effect of a stale holder', `${describeOperation(read)} is not what token ${token} wrote last`, [...last, read]);
}
