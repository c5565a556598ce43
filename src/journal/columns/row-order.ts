/**
 * Rows in order of a key, without the objects that a sort would need: a stable merge sort over their numbers. Rows come nearly in order, so what lies in place at
 * the ends of two neighbours is not touched; of rows in order nothing is.
 */

const RUN = 16;

/** Whether one row belongs behind another. */
export type IsAfter = (a: number, b: number) => boolean;

/** The numbers 0 … length − 1 in that order. */
export function rowsInOrder(length: number, isAfter: IsAfter): Uint32Array {
  const rows = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) rows[row] = row;
  for (let from = 0; from < length; from += RUN) insertionSort(rows.subarray(from, from + RUN), isAfter);
  for (let run = RUN; run < length; run *= 2) {
    for (let from = 0; from + run < length; from += 2 * run) {
      merge(rows.subarray(from, Math.min(length, from + 2 * run)), run, isAfter);
    }
  }
  return rows;
}

function insertionSort(rows: Uint32Array, isAfter: IsAfter): void {
  for (let i = 1; i < rows.length; i += 1) {
    const row = rows[i] ?? 0;
    let j = i;
    for (; j > 0 && isAfter(rows[j - 1] ?? 0, row); j -= 1) rows[j] = rows[j - 1] ?? 0;
    rows[j] = row;
  }
}

/** Both parts are in order. */
function merge(rows: Uint32Array, middle: number, isAfter: IsAfter): void {
  const [lastLeft, firstRight] = [rows[middle - 1] ?? 0, rows[middle] ?? 0];
  if (!isAfter(lastLeft, firstRight)) return;
  const from = firstWhere(0, middle, (i) => isAfter(rows[i] ?? 0, firstRight));
  const to = firstWhere(middle, rows.length, (i) => !isAfter(lastLeft, rows[i] ?? 0));
  const aside = rows.slice(from, middle);
  let left = 0;
  let right = middle;
  for (let i = from; left < aside.length; i += 1) {
    const takesRight = right < to && isAfter(aside[left] ?? 0, rows[right] ?? 0);
    rows[i] = takesRight ? (rows[right++] ?? 0) : (aside[left++] ?? 0);
  }
}

/** The lowest index of [low, high) from which on it is so; `high` if it never is. */
export function firstWhere(low: number, high: number, isSo: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isSo(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
