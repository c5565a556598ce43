/**
 * Exchanges of one second, summed: what is kept of a long run outside of the stretches in which every exchange is. Counts are exact; times are kept in
 * histograms of two significant digits, so a quantile is right to 1 %. What joins or orders single exchanges is gone.
 */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import type { Exchange, ExchangeEnd } from './observations.js';
import { isSuccess } from './observations.js';

export const SUM_MS = 1_000;
/** An hour, in µs: longer exchanges count as that long. */
const TOOK_US_MAX = 3_600e6;
const DIGITS = 2;

/** The class of a whole answer's status, `grpcError` for a whole answer that tells of a server's error beside it, or how it ended short of one. */
export type Outcome = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'grpcError' | Exclude<ExchangeEnd, 'complete'>;

export interface TrafficSum {
  link: string;
  from: string;
  to: string;
  route?: string;
  /** Health and readiness checks. */
  isProbe?: true;
  /** What faults have sent once more. */
  isCopy?: true;
  outcome: Outcome;
  /** They began in [fromMs, fromMs + SUM_MS). One second may have several sums of a kind: later ones are of exchanges that ended late. */
  fromMs: number;
  count: number;
  bytesUp: number;
  bytesDown: number;
  /** Start to end, in µs: an HdrHistogram, compressed and in base64. */
  tookUs: string;
}

export function outcomeOf({ end, status, grpcStatus }: Pick<Exchange, 'end' | 'status' | 'grpcStatus'>): Outcome {
  if (end !== 'complete') return end;
  if (status === undefined || status >= 500) return '5xx';
  if (!isSuccess({ end, status, ...(grpcStatus !== undefined && { grpcStatus }) })) return 'grpcError';
  return `${Math.max(1, Math.floor(status / 100)) as 1 | 2 | 3 | 4}xx`;
}

const GOOD: ReadonlySet<Outcome> = new Set<Outcome>(['1xx', '2xx', '3xx', '4xx']);

/** As `isSuccess` of each exchange in it. */
export function isGood({ outcome }: Pick<TrafficSum, 'outcome'>): boolean {
  return GOOD.has(outcome);
}

/** Whether they had whole answers, whatever these said. */
export function isComplete({ outcome }: Pick<TrafficSum, 'outcome'>): boolean {
  return GOOD.has(outcome) || outcome === '5xx' || outcome === 'grpcError';
}

/** An empty histogram of times in µs. */
export function createTookUs(): JsHistogram {
  // The library says less of what it makes than it is: unasked, it makes none in WebAssembly.
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: TOOK_US_MAX, numberOfSignificantValueDigits: DIGITS }) as JsHistogram;
}

export function addTook(tookUs: JsHistogram, { startMs, endMs }: { startMs: number; endMs: number }): void {
  tookUs.recordValue(Math.min(TOOK_US_MAX, Math.max(0, Math.round((endMs - startMs) * 1e3))));
}

export function encodeTook(tookUs: JsHistogram): string {
  return encodeIntoCompressedBase64(tookUs);
}

/** Whether it can be read back: a file may be damaged. */
export function isTook(text: unknown): text is string {
  try {
    return typeof text === 'string' && decodeFromCompressedBase64(text, 32, false).totalCount >= 0;
  } catch {
    return false;
  }
}

/** All times of some sums together. Throws where a text is no histogram: the fold lets none of these in. */
export function mergedTook(sums: readonly Pick<TrafficSum, 'tookUs'>[]): JsHistogram {
  const merged = createTookUs();
  for (const { tookUs } of sums) merged.add(decodeFromCompressedBase64(tookUs, 32, false) as JsHistogram);
  return merged;
}
