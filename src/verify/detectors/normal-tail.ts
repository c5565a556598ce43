/**
 * The upper tail of the normal distribution as a power of ten, right far out, where 1 − F(y) has long been rounded to 0: a phi of 8 is already
 * beyond what a difference of doubles can tell.
 */

/** From here on the continued fraction has converged within its terms; below it the series has not lost more than three digits to 1 − erf. */
const SERIES_BELOW = 2;
const TERMS = 80;

/** −log10 of the probability that a standard normal value is above `y`. Within 1e-12 of the exact value, relative, for any finite `y`. */
export function negativeLog10NormalTail(y: number): number {
  const x = Math.abs(y) / Math.SQRT2;
  const upper = x < SERIES_BELOW ? -Math.log10((1 - erfBySeries(x)) / 2) : (x * x) / Math.LN10 - Math.log10(scaledErfc(x) / 2);
  return y >= 0 ? upper : -Math.log1p(-(10 ** -upper)) / Math.LN10;
}

/** Abramowitz and Stegun 7.1.6: all terms are positive, so none cancels another. */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n <= TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x)·exp(x²), by the continued fraction of Abramowitz and Stegun 7.1.14, from its far end. */
function scaledErfc(x: number): number {
  let rest = x;
  for (let n = TERMS; n >= 1; n--) rest = x + n / 2 / rest;
  return 1 / (Math.sqrt(Math.PI) * rest);
}
