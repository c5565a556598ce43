/** How often each key was charged. Whoever keeps them counts what was done, and never judges whether it should have been. */
import { BODY_BYTES_MAX } from '../body.js';
import { recordOf } from '../call-json.js';
import type { RecordLog } from '../record-log.js';

export interface Charge {
  readonly key: string;
  readonly amount: number;
  /** The idempotency key under which it was asked for. */
  readonly token?: string | undefined;
}

export interface Books {
  /** Resolves when it is written down, and rejects where it could not be: then it does not count. */
  charge(charge: Charge): Promise<void>;
  /** Charges of each key; keys that were never charged are not in it. */
  counts(): ReadonlyMap<string, number>;
  /** The last charge of each key. */
  charges(): readonly Charge[];
}

/** `log`: what it holds already was charged before this process began. */
export function createBooks(log: Pick<RecordLog, 'all' | 'put'>): Books {
  const counts = new Map([...log.all()].map(([key, state]) => [key, Number(recordOf(state)['count'])]));
  const write = async ({ key, ...what }: Charge): Promise<void> => {
    const count = (counts.get(key) ?? 0) + 1;
    await log.put(key, JSON.stringify({ count, ...what }));
    counts.set(key, count);
  };
  // The newest charge, which the next one waits for: of two of the same key the second has to know whether the first was written.
  let written: Promise<void> = Promise.resolve();
  return {
    charge: (charge) => {
      const charged = written.then(() => write(charge));
      written = charged.catch(() => {});
      return charged;
    },
    counts: () => counts,
    charges: () => [...log.all()].map(([key, state]) => chargeOf(key, recordOf(state))),
  };
}

function chargeOf(key: string, { amount, token }: Readonly<Record<string, unknown>>): Charge {
  return { key, amount: Number(amount), ...(typeof token === 'string' && { token }) };
}

/** What an answer may hold, less its brackets and its line end. A key alone is always shorter: it came in the path of a request. */
const SLICE_BYTES_MAX = BODY_BYTES_MAX - 8;

/** How often each was charged, from the `from`th key on, as many as an answer may hold; empty behind the last. Keys keep their places. */
export function sliceOf(counts: ReadonlyMap<string, number>, from: number): Readonly<Record<string, number>> {
  const slice: [string, number][] = [];
  let bytes = 0;
  for (const entry of [...counts].slice(from)) {
    // As `["key",1]` it is a byte longer than as `"key":1,`.
    bytes += Buffer.byteLength(JSON.stringify(entry));
    if (bytes > SLICE_BYTES_MAX) break;
    slice.push(entry);
  }
  return Object.fromEntries(slice);
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
