/**
 * Whom each fault hit in one run and in its replay. Decisions depend on the seed, the link and the count of what came before there, so the
 * n-th on a link is held against the n-th. Pure.
 */
import type { RecordedConnection, RecordedExchange, RunRecord } from '../journal/record.js';

export interface DecisionAgreement {
  step: string;
  /** Decisions that both runs took. */
  compared: number;
  same: number;
  /** Taken by one of them only: the other had less traffic while the fault was on. */
  unmatched: number;
}

export function agreementOf(before: RunRecord, after: RunRecord): readonly DecisionAgreement[] {
  const [then, now] = [decisionsOf(before), decisionsOf(after)];
  return [...new Set([...then.keys(), ...now.keys()])].map((step) => {
    const total = { step, compared: 0, same: 0, unmatched: 0 };
    const [was, is] = [then.get(step), now.get(step)];
    for (const link of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])) {
      const [a, b] = [was?.get(link) ?? [], is?.get(link) ?? []];
      const compared = Math.min(a.length, b.length);
      total.compared += compared;
      total.unmatched += Math.max(a.length, b.length) - compared;
      for (let i = 0; i < compared; i += 1) if (a[i] === b[i]) total.same += 1;
    }
    return total;
  });
}

/** Step → link → whether the n-th that met the fault there was hit. */
function decisionsOf({ exchanges, connections, faults }: RunRecord): ReadonlyMap<string, ReadonlyMap<string, readonly boolean[]>> {
  const steps = new Map(faults.map(({ fault, step }) => [fault, step]));
  const all = new Map<string, Map<string, boolean[]>>();
  const take = ({ link, matched = [], applied = [] }: RecordedExchange | RecordedConnection): void => {
    for (const fault of matched) {
      const step = steps.get(fault);
      if (step === undefined) continue;
      const byLink = all.get(step) ?? new Map<string, boolean[]>();
      all.set(step, byLink);
      const taken = byLink.get(link) ?? [];
      byLink.set(link, taken);
      taken.push(applied.includes(fault));
    }
  };
  for (const exchange of exchanges) take(exchange);
  for (const connection of connections) take(connection);
  return all;
}
