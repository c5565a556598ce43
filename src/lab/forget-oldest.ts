/** A bound for what a program remembers by key. */

/** Forgets what was put in first, where there is more than `keysMax`: to be called after each that is put in. */
export function forgetOldest(known: Map<string, unknown>, keysMax: number): void {
  const [oldest] = known.keys();
  if (known.size > keysMax && oldest !== undefined) known.delete(oldest);
}
