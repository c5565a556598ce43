/**
 * Writes of values that are never written twice, each with the reads that saw its value. What a read saw that no write explains is a finding by itself, and belongs to none; a
 * write of which nobody knows whether it was done, and which nobody saw, may never have been, and is left out.
 */
import type { Findings } from './checker.js';
import { describeOperation, isBefore, type Operation } from './operation.js';

export interface ValueGroup {
  /** Undefined: the value that was there before all writes, null. */
  readonly write: Operation | undefined;
  readonly reads: Operation[];
}

/** Undefined where a value was written twice. */
export function groupByValue(operations: readonly Operation[], findings: Findings): Map<string | null, ValueGroup> | undefined {
  const groups = new Map<string | null, ValueGroup>([[null, { write: undefined, reads: [] }]]);
  const refused = new Map<string, Operation>();
  for (const operation of operations) {
    if (operation.f !== 'write') continue;
    const value = String(operation.input);
    if (groups.has(value) || refused.has(value)) return undefined;
    if (operation.outcome === 'failed') refused.set(value, operation);
    else groups.set(value, { write: operation, reads: [] });
  }
  for (const read of operations) if (read.f === 'read' && read.outcome === 'ok') placeRead(read, { groups, refused, findings });
  for (const [value, { write, reads }] of groups) if (write?.outcome === 'unknown' && reads.length === 0) groups.delete(value);
  return groups;
}

interface Known {
  groups: ReadonlyMap<string | null, ValueGroup>;
  refused: ReadonlyMap<string, Operation>;
  findings: Findings;
}

function placeRead(read: Operation, { groups, refused, findings }: Known): void {
  const value = read.output as string | null;
  const group = groups.get(value);
  const denied = value === null ? undefined : refused.get(value);
  if (denied !== undefined) {
    findings.add('read of a failed write', `${describeOperation(read)} saw what was refused`, [denied, read]);
  } else if (group === undefined) {
    findings.add('read of nothing', `${describeOperation(read)} saw what nobody wrote`, [read]);
  } else if (group.write !== undefined && isBefore(read, group.write)) {
    const says = `${describeOperation(read)} was over before ${describeOperation(group.write)} began`;
    findings.add('read of the future', says, [read, group.write]);
  } else {
    group.reads.push(read);
  }
}
