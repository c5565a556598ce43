/**
 * Who holds which lock, and until when. Pure; time comes in as `nowMs`. Each grant has a token that is greater than all before, of any lock, so that
 * whoever guards what the lock is for can tell an old holder from a new one. What a reader gets wrong: an expired lock is not taken away from its
 * holder. It is given to somebody else, and the old holder may not know.
 */

/** Names that are kept; what would come after is refused. */
const LOCKS_MAX = 1_000;

interface Grant {
  readonly holder: string;
  readonly token: number;
  readonly untilMs: number;
}

export type Answer =
  | { readonly kind: 'granted'; readonly token: number }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'tooMany' };

export interface LockTable {
  /** A grant for who holds nothing. Who holds it already gets the same again, with all of its time. */
  acquire(lock: string, holder: string, nowMs: number): Answer;
  /** All of its time again, as long as nobody else has got the lock. */
  renew(lock: string, token: number, nowMs: number): Answer;
}

export function createLockTable({ leaseMs }: { leaseMs: number }): LockTable {
  const grants = new Map<string, Grant>();
  let newest = 0;
  const grant = (lock: string, holder: string, token: number, nowMs: number): Answer => {
    grants.set(lock, { holder, token, untilMs: nowMs + leaseMs });
    return { kind: 'granted', token };
  };
  return {
    acquire: (lock, holder, nowMs) => {
      const held = grants.get(lock);
      if (held === undefined && grants.size >= LOCKS_MAX) return { kind: 'tooMany' };
      if (held === undefined || nowMs >= held.untilMs) return grant(lock, holder, ++newest, nowMs);
      return held.holder === holder ? grant(lock, holder, held.token, nowMs) : { kind: 'held', by: held.holder };
    },
    renew: (lock, token, nowMs) => {
      const held = grants.get(lock);
      if (held?.token === token) return grant(lock, held.holder, token, nowMs);
      return { kind: 'held', by: held?.holder ?? '' };
    },
  };
}
