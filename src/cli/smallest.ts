/**
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002): a smallest part of a list that still
 * fails. What a reader gets wrong: it is smallest in that no single item can be left out, not the smallest of all parts.
 */

/**
 * `all` is taken to fail. Tries the empty part first, then halves, quarters … and what is left without each; in the worst case some n² trials of
 * n items, each part at most once. Rejects as `fails` does.
 */
export async function smallestFailing<T>(all: readonly T[], fails: (part: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  if (all.length === 0 || (await fails([]))) return [];
  const tried = new Set<string>();
  const isNew = (part: readonly T[]): boolean => {
    const key = part.map((item) => all.indexOf(item)).join();
    return part.length < all.length && !tried.has(key) && tried.add(key) !== undefined;
  };
  let failing = all;
  let pieces = 2;
  while (failing.length >= 2) {
    const chunks = inPieces(failing, pieces);
    const rests = pieces > 2 ? chunks.map((chunk) => failing.filter((item) => !chunk.includes(item))) : [];
    const smaller = await firstFailing([...chunks, ...rests].filter(isNew), fails);
    if (smaller !== undefined) {
      pieces = chunks.includes(smaller) ? 2 : Math.max(2, pieces - 1);
      failing = smaller;
    } else if (pieces < failing.length) pieces = Math.min(failing.length, pieces * 2);
    else break;
  }
  return failing;
}

async function firstFailing<T>(parts: readonly (readonly T[])[], fails: (part: readonly T[]) => Promise<boolean>) {
  for (const part of parts) if (await fails(part)) return part;
  return undefined;
}

/** As equal as can be; none is empty. */
function inPieces<T>(items: readonly T[], count: number): readonly (readonly T[])[] {
  const start = (i: number): number => Math.floor((i * items.length) / count);
  return Array.from({ length: count }, (_, i) => items.slice(start(i), start(i + 1))).filter((piece) => piece.length > 0);
}
