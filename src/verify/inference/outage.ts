/** The longest time in which nobody was answered. Bounded by failures on the inside: a time in which nobody asked is no outage. */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedExchange } from '../../journal/record.js';
import type { Interval } from './statistics.js';

export interface Outage {
  /** From the first to the last failure at least; from the success before to the success after at most, Infinity if none came. */
  interval: Interval;
  failures: ExchangeList;
}

/** Of requests in order of start. Undefined if none failed. */
export function longestOutage(requests: ExchangeList, isGood: (request: RecordedExchange) => boolean): Outage | undefined {
  let longest: Outage | undefined;
  let failures: RecordedExchange[] = [];
  let before: RecordedExchange | undefined;
  const close = (after: RecordedExchange | undefined): void => {
    const [first, last] = [failures[0], failures.at(-1)];
    if (first === undefined || last === undefined) return;
    const mostMs = after === undefined ? Number.POSITIVE_INFINITY : after.startMs - (before ?? first).startMs;
    const interval: Interval = [last.startMs - first.startMs, mostMs];
    if (longest === undefined || interval[0] > longest.interval[0]) longest = { interval, failures };
    failures = [];
  };
  for (const request of requests) {
    if (!isGood(request)) {
      failures.push(request);
      continue;
    }
    close(request);
    before = request;
  }
  close(undefined);
  return longest;
}
