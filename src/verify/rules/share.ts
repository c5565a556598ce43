/** Words for shares of requests, and for the doubt that remains when failures come in bursts. */

/** From here on failures are called bursts: independent ones vary so much in about one run of a thousand. */
const BURSTS_FROM = 3;

/** `4.80 %` */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** What the interval of a share does not tell, given how far its hits are from independent. */
export function burstsOf(dispersion: number): string[] {
  if (dispersion < BURSTS_FROM) return [];
  return [
    `the interval takes requests as independent; they failed in bursts (${dispersion.toFixed(0)} times the variance of chance), so another run may differ by more`,
  ];
}
