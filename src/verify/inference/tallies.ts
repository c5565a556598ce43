/**
 * Requests and sums of requests in one row: so many of so many, at one time. What is judged by counts alone need not know whether the journal still
 * holds each request. A sum stands at the beginning of its second.
 */
import { firstWhere, rowsInOrder } from '../../journal/columns/row-order.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedExchange, RecordedSum, Window } from '../../journal/record.js';

export interface Tally {
  hits: number;
  samples: number;
}

interface Counted {
  requests: ExchangeList;
  sums: readonly RecordedSum[];
}
interface Counting {
  isHit: (request: RecordedExchange) => boolean;
  /** How many of a sum are hits. */
  hitsIn: (sum: RecordedSum) => number;
}

/** In order of start; what is asked for is the difference of two counts, however many lie between. */
export class Tallies {
  readonly #startsMs: Float64Array;
  /** Of all before a place; one more than there are places. */
  readonly #hits: Uint32Array;
  readonly #samples: Uint32Array;

  constructor({ requests, sums }: Counted, { isHit, hitsIn }: Counting) {
    const singles = requests.length;
    const startsMs = new Float64Array(singles + sums.length);
    const hits = new Uint32Array(startsMs.length);
    let place = 0;
    for (const request of requests) {
      startsMs[place] = request.startMs;
      hits[place] = isHit(request) ? 1 : 0;
      place += 1;
    }
    for (const sum of sums) {
      startsMs[place] = sum.fromMs;
      hits[place] = hitsIn(sum);
      place += 1;
    }
    // Requests alone are in order already.
    const order = sums.length === 0 ? undefined : rowsInOrder(place, (a, b) => (startsMs[a] ?? 0) > (startsMs[b] ?? 0));
    this.#startsMs = order === undefined ? startsMs : startsMs.map((_, i) => startsMs[order[i] ?? 0] ?? 0);
    this.#hits = new Uint32Array(place + 1);
    this.#samples = new Uint32Array(place + 1);
    for (let i = 0; i < place; i += 1) {
      const from = order?.[i] ?? i;
      this.#hits[i + 1] = (this.#hits[i] ?? 0) + (hits[from] ?? 0);
      this.#samples[i + 1] = (this.#samples[i] ?? 0) + (from < singles ? 1 : (sums[from - singles]?.count ?? 0));
    }
  }

  get total(): Tally {
    return this.#between(0, this.#startsMs.length);
  }

  /** Of what began in [fromMs, toMs). */
  totalIn({ fromMs, toMs }: Window): Tally {
    return this.#between(this.#firstFrom(fromMs), this.#firstFrom(toMs));
  }

  #firstFrom(ms: number): number {
    return firstWhere(0, this.#startsMs.length, (i) => (this.#startsMs[i] ?? 0) >= ms);
  }

  #between(from: number, to: number): Tally {
    const countOf = (counts: Uint32Array): number => Math.max(0, (counts[to] ?? 0) - (counts[from] ?? 0));
    return { hits: countOf(this.#hits), samples: countOf(this.#samples) };
  }
}
