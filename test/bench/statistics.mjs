/** Order statistics of small samples; all pure, none changes what it is given. */

/** Nearest rank, `ratio` in 0…1. Undefined of nothing. */
export function quantile(values, ratio) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * ratio))];
}

/** The middle one, or the mean of the two in the middle. Undefined of nothing. */
export function median(values) {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
