/** How a link does now: the last five whole seconds of it as figures, and as one word. */
import { type LinkHistory, sumOver, valueAt } from './link-history.js';

/** `idle`: nothing crossed it. What is slow is not called so: how long an answer may take only its caller knows. */
export type Health = 'idle' | 'well' | 'hurt' | 'bad';

export interface LinkNow {
  health: Health;
  requestsPerSecond: number;
  /** 0…1; undefined where nothing was asked. */
  errorRatio: number | undefined;
  /** Of the requests, those that a fault did something to. */
  faultedRatio: number | undefined;
  /** Of the newest second that has any. */
  p50Ms: number | undefined;
  p90Ms: number | undefined;
  p99Ms: number | undefined;
  bytesPerSecond: number;
  connections: number | undefined;
  /** Requests of the window by how they ended; `none` had no whole answer. */
  answers: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx' | 'none', number>>;
}

export const WINDOW_SECONDS = 5;
/** From here on it is hurt, and from there on bad. */
export const HURT_RATIO = 0.01;
export const BAD_RATIO = 0.1;

/** The newest second that is over, and of which everything was told. */
export function lastSecond(nowMs: number): number {
  return Math.floor(nowMs / 1_000) - 1;
}

/** The load generator's figures take their way through the run, and come a little later than those that the daemon sees itself. */
const LATE_SECONDS_MAX = 4;

/** The newest second of a link that can be complete: what has not come yet is not nothing. */
export function newestTold(history: LinkHistory | undefined, nowMs: number): number {
  const last = lastSecond(nowMs);
  const newest = history?.newest ?? Number.NEGATIVE_INFINITY;
  return newest >= last - LATE_SECONDS_MAX ? Math.min(last, newest) : last;
}

export function linkNow(history: LinkHistory | undefined, nowMs: number): LinkNow {
  const to = newestTold(history, nowMs);
  const window = [to - WINDOW_SECONDS + 1, to] as const;
  const sum = (name: Parameters<typeof sumOver>[1]): number => (history === undefined ? 0 : sumOver(history, name, window));
  const newest = (name: Parameters<typeof valueAt>[1]): number | undefined => newestOf(history, name, window);
  const requests = sum('requests');
  const bytes = sum('bytesUp') + sum('bytesDown');
  const errorRatio = requests === 0 ? undefined : sum('errors') / requests;
  const whole = { '2xx': sum('answers2xx'), '3xx': sum('answers3xx'), '4xx': sum('answers4xx'), '5xx': sum('answers5xx') };
  return {
    health: healthOf(errorRatio, bytes),
    requestsPerSecond: requests / WINDOW_SECONDS,
    errorRatio,
    faultedRatio: requests === 0 ? undefined : sum('faulted') / requests,
    p50Ms: newest('p50Ms'),
    p90Ms: newest('p90Ms'),
    p99Ms: newest('p99Ms'),
    bytesPerSecond: bytes / WINDOW_SECONDS,
    connections: newest('connections'),
    answers: { ...whole, none: Math.max(0, requests - whole['2xx'] - whole['3xx'] - whole['4xx'] - whole['5xx']) },
  };
}

function newestOf(history: LinkHistory | undefined, name: Parameters<typeof valueAt>[1], [from, to]: readonly [number, number]) {
  for (let second = to; history !== undefined && second >= from; second--) {
    const value = valueAt(history, name, second);
    if (value !== undefined) return value;
  }
  return undefined;
}

function healthOf(errorRatio: number | undefined, bytes: number): Health {
  if (errorRatio === undefined) return bytes > 0 ? 'well' : 'idle';
  if (errorRatio >= BAD_RATIO) return 'bad';
  return errorRatio >= HURT_RATIO ? 'hurt' : 'well';
}
