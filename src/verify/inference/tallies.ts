/**
 * Requests and sums of requests in one shape: so many of so many, at one time. What is judged by counts alone need not know whether the journal still
 * holds each request. A sum stands at the beginning of its second.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedExchange, RecordedSum } from '../../journal/record.js';

export interface Tally {
  startMs: number;
  hits: number;
  samples: number;
}

/** In order of start. `hitsIn`: how many of a sum are hits. */
export function talliesOf(
  { requests, sums }: { requests: ExchangeList; sums: readonly RecordedSum[] },
  { isHit, hitsIn }: { isHit: (request: RecordedExchange) => boolean; hitsIn: (sum: RecordedSum) => number },
): readonly Tally[] {
  const single = requests.map((request): Tally => ({ startMs: request.startMs, hits: isHit(request) ? 1 : 0, samples: 1 }));
  if (sums.length === 0) return single;
  const summed = sums.map((sum): Tally => ({ startMs: sum.fromMs, hits: hitsIn(sum), samples: sum.count }));
  return [...single, ...summed].sort((a, b) => a.startMs - b.startMs);
}

/** All of them together. */
export function totalOf(tallies: readonly Tally[]): Omit<Tally, 'startMs'> {
  let [hits, samples] = [0, 0];
  for (const tally of tallies) {
    hits += tally.hits;
    samples += tally.samples;
  }
  return { hits, samples };
}
