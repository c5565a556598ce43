/** How often each key was charged. Whoever keeps them counts what was done, and never judges whether it should have been. */

export interface Books {
  charge(key: string): void;
  /** Charges of each key; keys that were never charged are not in it. */
  counts(): ReadonlyMap<string, number>;
}

export function createBooks(): Books {
  const counts = new Map<string, number>();
  return {
    charge: (key) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    counts: () => counts,
  };
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
