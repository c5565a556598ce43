/**
 * A breaker seen without correlation: only how many requests were offered and how many attempts crossed, in bins of time. It tells when the
 * dependency went quiet and when it came back; whether a single attempt was a leak or a trial it cannot tell, and does not try.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { Window } from '../../journal/record.js';
import { CUSUM_ALARM, cusum, type Interval, poissonEvidence } from './statistics.js';
import { within } from './traffic.js';

/** Attempts that a bin should hold without faults: enough that two empty bins decide. */
const ATTEMPTS_PER_BIN = 10;
const BIN_MS_MIN = 50;
/** What is left of the attempts while open: trials, and little else. */
const OPEN_SHARE = 0.1;

export interface QuietEpisode {
  opened: Interval;
  closed?: Interval;
  /** Requests offered while it was quiet. */
  offered: number;
}

interface Counts {
  offered: ExchangeList;
  attempts: ExchangeList;
  /** Attempts per offered request without faults. */
  fanOut: number;
  window: Window;
}

interface Bin {
  fromMs: number;
  toMs: number;
  offered: number;
  attempts: number;
}

export function quietEpisodes(counts: Counts): QuietEpisode[] {
  const episodes: QuietEpisode[] = [];
  let current: QuietEpisode | undefined;
  let sum = 0;
  let since: Bin | undefined;
  for (const bin of binsOf(counts)) {
    const expected = counts.fanOut * bin.offered;
    if (current !== undefined) current.offered += bin.offered;
    if (expected === 0) continue;
    const means = { before: expected, after: expected * OPEN_SHARE };
    const quieter = poissonEvidence(bin.attempts, means);
    sum = cusum(sum, current === undefined ? quieter : -quieter);
    if (sum === 0) since = undefined;
    else since ??= bin;
    if (sum <= CUSUM_ALARM || since === undefined) continue;
    const edge: Interval = [since.fromMs - (since.toMs - since.fromMs), since.toMs];
    if (current === undefined) {
      current = { opened: edge, offered: bin.offered };
      episodes.push(current);
    } else {
      current.closed = edge;
      current = undefined;
    }
    sum = 0;
    since = undefined;
  }
  return episodes;
}

function binsOf({ offered, attempts, fanOut, window }: Counts): Bin[] {
  const seen = within(offered, window);
  const firstMs = seen.at(0)?.startMs ?? 0;
  const lastMs = seen.at(-1)?.startMs ?? 0;
  const attemptsPerMs = (fanOut * seen.length) / Math.max(1, lastMs - firstMs);
  const binMs = Math.max(BIN_MS_MIN, ATTEMPTS_PER_BIN / Math.max(attemptsPerMs, 1e-9));
  const bins: Bin[] = [];
  // The last bin would be cut short by the end of the traffic, and a short bin looks quiet.
  for (let fromMs = firstMs; fromMs + binMs <= lastMs; fromMs += binMs)
    bins.push({ fromMs, toMs: fromMs + binMs, offered: 0, attempts: 0 });
  const binAt = (atMs: number): Bin | undefined => bins[Math.floor((atMs - firstMs) / binMs)];
  for (const { startMs } of seen) {
    const bin = binAt(startMs);
    if (bin) bin.offered++;
  }
  for (const { startMs } of within(attempts, window)) {
    const bin = binAt(startMs);
    if (bin) bin.attempts++;
  }
  return bins;
}
