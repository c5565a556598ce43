/** What the store does with a write: done, known already, or refused because a newer epoch has written. No sockets here. */

export interface Ledger {
  write(order: { key: string; epoch: number }): Written;
  /** How many writes were done, those under an epoch that was no longer the newest, and how many were refused for that. */
  standing(): Standing;
}

export interface Standing {
  readonly orders: number;
  readonly stale: number;
  readonly refused: number;
}

export type Written =
  | { readonly status: 201; readonly done: true }
  | { readonly status: 200; readonly done: false }
  | { readonly status: 409; readonly newest: number };

/** Keys that are known; the oldest is forgotten first, and would be done again. */
const KEYS_MAX = 100_000;

export function createLedger({ fencing, idempotency }: { fencing: boolean; idempotency: boolean }): Ledger {
  const keys = new Set<string>();
  let newest = 0;
  let [orders, stale, refused] = [0, 0, 0];
  return {
    write: ({ key, epoch }) => {
      if (fencing && epoch < newest) {
        refused++;
        return { status: 409, newest };
      }
      newest = Math.max(newest, epoch);
      if (idempotency && keys.has(key)) return { status: 200, done: false };
      remember(keys, key);
      orders++;
      if (epoch < newest) stale++;
      return { status: 201, done: true };
    },
    standing: () => ({ orders, stale, refused }),
  };
}

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size <= KEYS_MAX) return;
  const [oldest] = keys;
  if (oldest !== undefined) keys.delete(oldest);
}
