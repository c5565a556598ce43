/** How often each key was charged. Whoever keeps them counts what was done, and never judges whether it should have been. */
import { recordOf } from '../call-json.js';
import type { RecordLog } from '../record-log.js';

export interface Charge {
  readonly key: string;
  readonly amount: number;
  /** The idempotency key under which it was asked for. */
  readonly token?: string | undefined;
}

export interface Books {
  /** Resolves when it is written down. */
  charge(charge: Charge): Promise<void>;
  /** Charges of each key; keys that were never charged are not in it. */
  counts(): ReadonlyMap<string, number>;
  /** The last charge of each key. */
  charges(): readonly Charge[];
}

/** `log`: what it holds already was charged before this process began. */
export function createBooks(log: RecordLog): Books {
  const counts = new Map([...log.all()].map(([key, state]) => [key, Number(recordOf(state)['count'])]));
  return {
    charge: async ({ key, ...what }) => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      await log.put(key, JSON.stringify({ count, ...what }));
    },
    counts: () => counts,
    charges: () => [...log.all()].map(([key, state]) => chargeOf(key, recordOf(state))),
  };
}

function chargeOf(key: string, { amount, token }: Readonly<Record<string, unknown>>): Charge {
  return { key, amount: Number(amount), ...(typeof token === 'string' && { token }) };
}

export interface Audit {
  /** Keys whose customers were told that they have paid. */
  readonly acknowledged: number;
  /** Of them, keys that nobody has charged. */
  readonly missing: number;
  /** Keys that were charged more than once, whatever their customers were told. */
  readonly doubled: number;
}

/** What was told against what was done. */
export function audit(acknowledged: ReadonlySet<string>, counts: ReadonlyMap<string, number>): Audit {
  const missing = [...acknowledged].filter((key) => !counts.has(key)).length;
  const doubled = [...counts.values()].filter((count) => count > 1).length;
  return { acknowledged: acknowledged.size, missing, doubled };
}
