/** Counts and percentiles of a load. Latency is counted from the intended start, so a request that had to wait for its turn counts its waiting. */
import { build } from 'hdr-histogram-js';
import type { Exchange } from '../../journal/observations.js';
import type { LoadSummary } from './load-protocol.js';

const PERCENTILES = [50, 75, 90, 95, 99, 99.9] as const;
/** An hour, in µs. */
const LATENCY_US_MAX = 3_600e6;

export interface LoadFigures {
  /** A request left, so much after it was due. */
  sent(lateMs: number): void;
  /** A request fell due and could not be sent. */
  notSent(): void;
  ended(exchange: Exchange): void;
  summary(lost: number): LoadSummary;
}

/** Exchanges that were due before `samplesFromMs` count, but give no latency sample. */
export function createLoadFigures({ samplesFromMs }: { samplesFromMs: number }): LoadFigures {
  const latencyUs = build({ lowestDiscernibleValue: 1, highestTrackableValue: LATENCY_US_MAX, numberOfSignificantValueDigits: 3 });
  let answered = 0;
  let failed = 0;
  let notSent = 0;
  let lateMsMax = 0;
  const expected = { met: 0, unmet: 0 };

  const sample = ({ startMs, endMs, end }: Exchange): void => {
    if (startMs < samplesFromMs || (end !== 'complete' && end !== 'timeout')) return;
    latencyUs.recordValue(Math.min(Math.round((endMs - startMs) * 1e3), LATENCY_US_MAX));
  };
  const percentilesMs = (): Record<string, number> => {
    if (latencyUs.totalCount === 0) return {};
    const max = latencyUs.maxValue / 1e3;
    // A percentile is the upper edge of its bucket, which may lie above the largest sample.
    const at = PERCENTILES.map((p) => [`p${p}`, Math.min(latencyUs.getValueAtPercentile(p) / 1e3, max)] as const);
    return { ...Object.fromEntries(at), max };
  };
  const notes = (): string[] => [
    ...(answered + failed === 0 ? ['no request fell due'] : []),
    ...(notSent > 0 ? [`${notSent} requests were not sent, because too many were in flight: they count as timed out`] : []),
  ];

  return {
    sent(lateMs) {
      lateMsMax = Math.max(lateMsMax, lateMs);
    },
    notSent() {
      notSent += 1;
    },
    ended(exchange) {
      if (exchange.end === 'complete') answered += 1;
      else failed += 1;
      if (exchange.expectation !== undefined) expected[exchange.expectation === 'met' ? 'met' : 'unmet'] += 1;
      sample(exchange);
    },
    summary: (lost) => ({
      sent: answered + failed,
      answered,
      failed,
      notSent,
      ...(expected.met + expected.unmet > 0 && { expected }),
      lost,
      lateMsMax,
      percentilesMs: percentilesMs(),
      notes: notes(),
    }),
  };
}
