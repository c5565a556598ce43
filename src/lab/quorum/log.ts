/**
 * The log of a member: entries in one order that a majority is brought to agree on. Pure. What a reader gets wrong: an entry that is in the log of a
 * member need not be decided; only those up to `committed` are, and only they are told to anybody.
 */

/** The newest entry of a key is its value. A leader begins its term with an entry without a key. */
export interface Entry {
  readonly term: number;
  readonly key: string;
  readonly value: string;
}

export type Log = readonly Entry[];

/** Of the entry before a place; 0 before the first. */
export function termBefore(log: Log, place: number): number {
  return log[place - 1]?.term ?? 0;
}

/** Whether another log, of which the end is known, has all that this one can have decided. */
export function isAsNew(log: Log, other: { length: number; lastTerm: number }): boolean {
  const lastTerm = termBefore(log, log.length);
  return other.lastTerm === lastTerm ? other.length >= log.length : other.lastTerm > lastTerm;
}

/** With these entries from `before` on. What contradicts them goes, with all that follows; what agrees stays, for it may have more than they say. */
export function merged(log: Log, before: number, entries: Log): Log {
  const at = entries.findIndex(({ term }, i) => log[before + i]?.term !== term);
  return at === -1 ? log : [...log.slice(0, before + at), ...entries.slice(at)];
}

/** The newest value among the first `length` entries. */
export function valueIn(log: Log, length: number, key: string): string | undefined {
  for (let i = Math.min(length, log.length) - 1; i >= 0; i--) {
    const entry = log[i];
    if (entry?.key === key) return entry.value;
  }
  return undefined;
}
