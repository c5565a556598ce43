/**
 * Does one client, taken by himself, see time go forward? His reads see his own writes, no read is older than one before it, his writes take effect in their order, and what he
 * writes comes after what he has read. Needs the order of versions: a number with each write and read, or a version with the writes of values that are never written twice.
 */
import { z } from 'zod';
import { grouped } from '../../core/grouped.js';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { newestBefore } from './newest-before.js';
import { describeOperation, type Operation, type Value } from './operation.js';

const GUARANTEES = ['readYourWrites', 'monotonicReads', 'monotonicWrites', 'writesFollowReads'] as const;
type Guarantee = (typeof GUARANTEES)[number];

export const sessions = defineHistoryChecker({
  name: 'sessions',
  summary: 'Demands of each client’s own reads and writes that they never go back in time.',
  schema: z.strictObject({
    guarantees: z
      .array(z.enum(GUARANTEES))
      .min(1)
      .default([...GUARANTEES])
      .meta({ description: 'which of them are promised' }),
  }),
  example: { guarantees: ['readYourWrites', 'monotonicReads'] },
  knows: () => ({ write: { input: 'text', output: 'none' }, read: { input: 'none', output: 'textOrNone' } }),
  check: ({ guarantees }, operations) => {
    const findings = new Findings();
    const versionOf = createVersions(operations);
    const done = operations.filter(({ outcome }) => outcome === 'ok');
    const unversioned = done.find((operation) => versionOf(operation) === undefined);
    if (unversioned !== undefined) return findings.result([], `${describeOperation(unversioned)} has no version that is known`);
    const clients = grouped(done, ({ process }) => process);
    for (const own of clients.values()) tellBackward(own, { guarantees, versionOf }, findings);
    return findings.result([sumFact('sessions', clients.size), sumFact('operations in sessions', done.length)]);
  },
});

type VersionOf = (operation: Operation) => number | undefined;

/** Its own, or that of the write whose value it read, unless two writes differ about that; nothing there is older than all. */
function createVersions(operations: readonly Operation[]): VersionOf {
  const byValue = new Map<Value | undefined, number | undefined>();
  for (const { f, input, version, outcome } of operations) {
    if (f !== 'write' || outcome === 'failed') continue;
    byValue.set(input, byValue.has(input) && byValue.get(input) !== version ? undefined : version);
  }
  return ({ f, version, output }) =>
    version ?? (f === 'read' ? (output === null ? Number.NEGATIVE_INFINITY : byValue.get(output)) : undefined);
}

/** What a client may demand of an operation, by what it was before and what it is. */
const NAMES: Readonly<Record<string, Guarantee>> = {
  'write read': 'readYourWrites',
  'read read': 'monotonicReads',
  'write write': 'monotonicWrites',
  'read write': 'writesFollowReads',
};

function tellBackward(
  own: readonly Operation[],
  { guarantees, versionOf }: { guarantees: readonly Guarantee[]; versionOf: VersionOf },
  findings: Findings,
): void {
  const newestOf = (name: string) =>
    newestBefore(
      own.filter(({ f }) => f === name),
      (operation) => versionOf(operation) ?? 0,
    );
  const newest = { write: newestOf('write'), read: newestOf('read') };
  for (const operation of own) {
    for (const f of ['write', 'read'] as const) {
      const before = newest[f](operation.startMs);
      const name = NAMES[`${f} ${operation.f}`];
      if (before === undefined || name === undefined || !guarantees.includes(name)) continue;
      const [older, newer] = [versionOf(operation) ?? 0, versionOf(before) ?? 0];
      if (older < newer || (older === newer && operation.f === 'write')) {
        findings.add(name, `${operation.process}: ${describeOperation(operation)} is not after ${describeOperation(before)}`, [
          before,
          operation,
        ]);
      }
    }
  }
}
