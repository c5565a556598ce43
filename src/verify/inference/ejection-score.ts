/**
 * An instance's history held against what was really done to it: the lab knows which instance was bad, and from when to when. Requests in
 * flight when a fault ends still carry its harm, so an ejection shortly after the end is not yet a false one.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { FaultWindow, Window } from '../../journal/record.js';
import type { Ejection, InstanceHistory } from './ejection.js';
import { type Interval, wilson } from './statistics.js';
import { isFaulted, within } from './traffic.js';

/** How long after a fault's end its harm may still come to light: slow requests time out, and ejectors look at intervals. */
const AFTERMATH_MS = 15_000;

/** A share below this part of the usual one is no full use. */
const SHUNNED_SHARE = 0.5;
/** Workers that have a view each and try it in turn leave it about a tenth of its share, and hardly a silence. */
const NEARLY_OUT_SHARE = 0.25;

export interface EjectionScore {
  instance: string;
  /** Requests on it, and how many of them were faulted, while the fault was on. */
  requests: number;
  faulted: ExchangeList;
  longestSilenceMs: number;
  /** It was out already when the fault began. */
  wasOut: boolean;
  /** Times out that began while the fault was on. */
  ejections: readonly Ejection[];
  /** Silences that began while the fault was on and may be mere preference for others. */
  doubtful: readonly Ejection[];
  /** Silences that began while the fault was on and are too short to tell what they are. */
  hints: readonly Ejection[];
  /** Between its silences it got far less than its usual share: the caller prefers others, and then a long silence proves nothing. */
  isShunned: boolean;
  /** From when it had to be out until its first silence it got next to nothing: out by some views of several, or avoided. */
  isNearlyOut: boolean;
  /** From the fault's start to the first of them. */
  detectionMs?: Interval;
  /** Faulted requests until then. */
  faultedBefore?: number;
}

/** `requests` are those to all instances, in order of start; `dueMs`: when it must be out; `rampMs`: how long a slow start lasts, where one is declared. */
export function scoreInstance(
  history: InstanceHistory,
  { fault, requests, dueMs, rampMs = 0 }: { fault: FaultWindow; requests: ExchangeList; dueMs: number; rampMs?: number },
): EjectionScore {
  const during = within(history.requests, fault);
  const faulted = history.requests.filter((request) => request.startMs < fault.toMs && isFaulted(request, fault));
  const firstFaultedMs = faulted.at(0)?.startMs ?? fault.fromMs;
  const isOutAt = ({ started, ended }: Ejection): boolean => started[1] < firstFaultedMs && (ended?.[1] ?? Infinity) > fault.fromMs;
  const isDuring = ({ started }: Ejection): boolean => started[0] >= firstFaultedMs && started[0] < fault.toMs;
  const silences = history.ejections.filter(isDuring);
  const ejections = silences.filter((silence) => !silence.isDoubtful);
  const first = ejections[0];
  return {
    instance: history.instance,
    requests: during.length,
    faulted,
    longestSilenceMs: longestSilenceMs(during, fault),
    wasOut: history.ejections.some(isOutAt),
    ejections,
    isShunned: getsLessThan(SHUNNED_SHARE, history, { requests, silences, rampMs, window: { fromMs: firstFaultedMs, toMs: fault.toMs } }),
    isNearlyOut: getsLessThan(NEARLY_OUT_SHARE, history, {
      requests,
      silences: [],
      rampMs,
      window: { fromMs: dueMs, toMs: silences[0]?.started[0] ?? fault.toMs },
    }),
    doubtful: silences.filter((silence) => silence.isDoubtful),
    hints: history.hints.filter(isDuring),
    ...(first && {
      detectionMs: [Math.max(0, first.started[0] - fault.fromMs), Math.max(0, first.started[1] - fault.fromMs)] as const,
      faultedBefore: faulted.filter((request) => request.startMs <= first.started[0]).length,
    }),
  };
}

interface Use {
  requests: ExchangeList;
  silences: readonly Ejection[];
  rampMs: number;
  window: Window;
}

/** Whether its share outside its silences, and the slow starts after them, was, with 95 %, below so much of the usual. */
function getsLessThan(part: number, { share, requests: own }: InstanceHistory, { requests, silences, rampMs, window }: Use): boolean {
  // Of the last request before a silence it is known that it was used.
  const outside = (list: ExchangeList): number =>
    silences.reduce((sum, { last, next }) => {
      const toMs = Math.min((next?.startMs ?? window.toMs) + rampMs, window.toMs);
      return sum - within(list, { fromMs: last.startMs, toMs }).length + 1;
    }, within(list, window).length);
  const [total, mine] = [outside(requests), outside(own)];
  return total >= mine && wilson(mine, total)[1] < share * part;
}

function longestSilenceMs(during: ExchangeList, { fromMs, toMs }: Window): number {
  const edges = [fromMs, ...during.map((request) => request.startMs), toMs];
  return edges.reduce((longest, edge, i) => Math.max(longest, edge - (edges[i - 1] ?? edge)), 0);
}

/**
 * How long after `sinceMs` the instance was back for good: zero when it was in all along. `upToMs` is how far the traffic can be judged; an
 * instance that is still out then has been out at least so long.
 */
export function returnMs(history: InstanceHistory, { sinceMs, byMs, upToMs }: { sinceMs: number; byMs: number; upToMs: number }): Interval {
  const out = history.ejections.filter(({ started, ended }) => started[0] < Math.min(byMs, upToMs) && (ended?.[1] ?? Infinity) > sinceMs);
  const last = out[out.length - 1];
  if (last === undefined) return [0, 0];
  if (last.ended === undefined || last.ended[1] > upToMs) return [Math.max(0, upToMs - sinceMs), Infinity];
  return [Math.max(0, last.ended[0] - sinceMs), last.ended[1] - sinceMs];
}

/** Ejections that began in the window, or were made anew in it, on instances that nothing had been done to, then or shortly before. */
export function falseEjections(
  histories: readonly InstanceHistory[],
  { window, faults }: { window: Window; faults: readonly FaultWindow[] },
): { instance: string; ejection: Ejection }[] {
  const shortestMs = shortestEjectionMs(histories);
  return histories.flatMap(({ instance, ejections }) =>
    ejections
      .filter((one) => (one.started[1] >= window.fromMs && one.started[0] < window.toMs) || isRenewed(one, window, shortestMs))
      .filter(({ started }) => !faults.some((fault) => isOn(fault, instance, started)))
      .map((ejection) => ({ instance, ejection })),
  );
}

/** How long a whole ejection takes at least, by the shortest that was seen; Infinity without one. */
function shortestEjectionMs(histories: readonly InstanceHistory[]): number {
  const whole = histories.flatMap(({ ejections }) => ejections.filter(({ isDoubtful }) => !isDoubtful));
  return whole.reduce((least, { started, ended }) => Math.min(least, (ended?.[1] ?? Infinity) - started[0]), Infinity);
}

/** Whether an instance that was out before the window stayed out in it for longer than one ejection takes: the second has merged with the first. */
function isRenewed({ started, ended }: Ejection, { fromMs, toMs }: Window, shortestMs: number): boolean {
  return started[1] < fromMs && Math.min(ended?.[0] ?? toMs, toMs) - fromMs > shortestMs;
}

function isOn({ planned, fromMs, toMs }: FaultWindow, instance: string, [startedMs, startedByMs]: Interval): boolean {
  return planned.instances.includes(instance) && fromMs <= startedByMs && toMs + AFTERMATH_MS > startedMs;
}

/** The most instances that were out at the same time in the window. */
export function outAtOnceMax(histories: readonly InstanceHistory[], { fromMs, toMs }: Window): number {
  const edges = histories.flatMap(({ ejections }) =>
    ejections
      .filter(({ started, ended }) => started[1] < toMs && (ended?.[1] ?? Infinity) > fromMs)
      .flatMap(({ started, ended }) => [
        { atMs: started[0], change: 1 },
        { atMs: ended?.[1] ?? Infinity, change: -1 },
      ]),
  );
  edges.sort((a, b) => a.atMs - b.atMs || a.change - b.change);
  let out = 0;
  let most = 0;
  for (const { change } of edges) {
    out += change;
    most = Math.max(most, out);
  }
  return most;
}
