/** What breakers count, and when it trips them: runs of failures, rings of the last calls, windows of time in buckets. The laws of many products. */

export type Comparison = '>' | '>=';

export type Trip =
  | { kind: 'consecutive'; failures: number }
  /** Over the last `size` calls. */
  | { kind: 'countWindow'; size: number; callsMin: number; ratio: number; comparison: Comparison }
  /** Over the last `windowMs`, forgotten a bucket at a time. `issued`: calls under way and rejected ones count too, as failures of none. */
  | {
      kind: 'timeWindow';
      windowMs: number;
      buckets: number;
      callsMin: number;
      ratio: number;
      comparison: Comparison;
      counts: 'completed' | 'issued';
      /** `oncePerCall`: a bucket is forgotten per call, however long nobody called. */
      forgets?: 'inTime' | 'oncePerCall';
    };

export interface FailureCount {
  issued(atMs: number): void;
  completed(atMs: number, ok: boolean): void;
  isTripped(atMs: number): boolean;
  clear(): void;
}

export function failureCount(trip: Trip): FailureCount {
  switch (trip.kind) {
    case 'consecutive':
      return runOf(trip.failures);
    case 'countWindow':
      return new Ring(trip);
    case 'timeWindow':
      return new Buckets(trip);
  }
}

function runOf(failures: number): FailureCount {
  let run = 0;
  return {
    issued: () => {},
    completed: (_atMs, ok) => {
      run = ok ? 0 : run + 1;
    },
    isTripped: () => run >= failures,
    clear: () => {
      run = 0;
    },
  };
}

function exceeds(failures: number, total: number, { ratio, comparison }: { ratio: number; comparison: Comparison }): boolean {
  return comparison === '>' ? failures > ratio * total : failures >= ratio * total;
}

class Ring implements FailureCount {
  readonly #trip: Extract<Trip, { kind: 'countWindow' }>;
  #calls: boolean[] = [];

  constructor(trip: Extract<Trip, { kind: 'countWindow' }>) {
    this.#trip = trip;
  }

  issued(): void {}

  completed(_atMs: number, ok: boolean): void {
    this.#calls.push(ok);
    if (this.#calls.length > this.#trip.size) this.#calls.shift();
  }

  isTripped(): boolean {
    const failures = this.#calls.filter((ok) => !ok).length;
    return this.#calls.length >= this.#trip.callsMin && exceeds(failures, this.#calls.length, this.#trip);
  }

  clear(): void {
    this.#calls = [];
  }
}

class Buckets implements FailureCount {
  readonly #trip: Extract<Trip, { kind: 'timeWindow' }>;
  /** The newest last. */
  #buckets: { total: number; failures: number }[] = [{ total: 0, failures: 0 }];
  #newestMs = 0;

  constructor(trip: Extract<Trip, { kind: 'timeWindow' }>) {
    this.#trip = trip;
  }

  issued(atMs: number): void {
    const bucket = this.#bucketAt(atMs);
    if (this.#trip.counts === 'issued') bucket.total += 1;
  }

  completed(atMs: number, ok: boolean): void {
    const bucket = this.#bucketAt(atMs);
    if (this.#trip.counts === 'completed') bucket.total += 1;
    if (!ok) bucket.failures += 1;
  }

  isTripped(atMs: number): boolean {
    this.#bucketAt(atMs);
    const total = this.#buckets.reduce((sum, bucket) => sum + bucket.total, 0);
    const failures = this.#buckets.reduce((sum, bucket) => sum + bucket.failures, 0);
    return total >= this.#trip.callsMin && failures > 0 && exceeds(failures, total, this.#trip);
  }

  clear(): void {
    this.#buckets = [{ total: 0, failures: 0 }];
  }

  #bucketAt(atMs: number): { total: number; failures: number } {
    const { windowMs, buckets, forgets } = this.#trip;
    const lengthMs = windowMs / buckets;
    const turns = Math.floor((atMs - this.#newestMs) / lengthMs);
    if (turns > 0) {
      this.#newestMs = forgets === 'oncePerCall' ? atMs : this.#newestMs + turns * lengthMs;
      const fresh = forgets === 'oncePerCall' ? 1 : Math.min(turns, buckets);
      for (let i = 0; i < fresh; i++) this.#buckets.push({ total: 0, failures: 0 });
      this.#buckets = this.#buckets.slice(-buckets);
    }
    const newest = this.#buckets[this.#buckets.length - 1] ?? { total: 0, failures: 0 };
    return newest;
  }
}
