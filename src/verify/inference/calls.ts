/**
 * Calls: what a caller wanted of a dependency once, and every attempt that it made at it. Two attempts for one front-door request are one
 * call only if they ask for the same thing; a caller that asks the same dependency for two things has not tried again.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import { pathOf } from '../../journal/probe-paths.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { demandFor } from './demand.js';
import { within } from './traffic.js';

/** More attempts per call than this without any fault, and the caller repeats itself for reasons of its own. */
const CALM_ATTEMPTS_MAX = 1.1;

export interface Call {
  /** Event of the front-door request behind it; of the first attempt, where a key told them together. */
  n: number;
  method: string;
  /** When the first attempt began. */
  startMs: number;
  /** When the front-door request behind it was answered; undefined where a key told the attempts together. */
  endMs?: number;
  /** In order of start, at least one. */
  attempts: readonly [RecordedExchange, ...RecordedExchange[]];
}

export type CallView =
  /** `callsIn`: those that began in a window, in order of their first attempts. */
  | { kind: 'joined'; correlation: 'C2' | 'C1'; callsIn: (window: Window) => readonly Call[] }
  /** Nothing joins attempts to what caused them: neither a repetition nor its absence can be seen. */
  | { kind: 'unknown'; reason: string };

/** Calls from a service to another. `copiesToo`: what a fault has sent once more counts as an attempt. */
export function callsBetween(
  record: RunRecord,
  { from, to, baseline, copiesToo = false }: { from: string; to: string; baseline: Window; copiesToo?: boolean },
): CallView {
  const view = demandFor(record, { caller: { service: from }, callee: to, baseline, copiesToo });
  if (view.kind === 'none') return { kind: 'unknown', reason: view.reason };
  if (view.kind === 'counted') {
    const why = 'no token of the load and no unique key in its paths is found in them again';
    return { kind: 'unknown', reason: `requests from ${from} to ${to} cannot be joined to what caused them (C0): ${why}` };
  }
  const callsIn = (window: Window): readonly Call[] => {
    const calls = view
      .attemptedIn(window)
      .flatMap(({ n, endMs, attempts }) => splitByWhatIsAsked(n, attempts).map((call) => Object.assign(call, { endMs })))
      .sort((a, b) => a.startMs - b.startMs);
    return within(calls, window);
  };
  const calm = callsIn(baseline);
  const calmAttempts = calm.reduce((sum, call) => sum + call.attempts.length, 0) / Math.max(1, calm.length);
  if (calmAttempts > CALM_ATTEMPTS_MAX) {
    const each = `${calmAttempts.toFixed(2)} times each`;
    return { kind: 'unknown', reason: `${from} sends the same requests to ${to} ${each} without any fault, so a repetition tells nothing` };
  }
  return { kind: 'joined', correlation: view.correlation, callsIn };
}

/** Calls by the key that their callers gave them in a header; requests without one are left out. Whoever sends them, one key is one call. */
export function callsByKey(exchanges: ExchangeList, header: string): readonly Call[] {
  const byKey = new Map<string, RecordedExchange[]>();
  for (const exchange of exchanges) {
    const key = exchange.tokens?.[header];
    if (key === undefined) continue;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [exchange]);
    else same.push(exchange);
  }
  const calls = [...byKey.values()].flatMap((same) => splitByWhatIsAsked(same[0]?.n ?? 0, same));
  return calls.sort((a, b) => a.startMs - b.startMs);
}

function splitByWhatIsAsked(n: number, attempts: readonly RecordedExchange[]): Call[] {
  const asked = new Map<string, [RecordedExchange, ...RecordedExchange[]]>();
  for (const attempt of attempts) {
    const what = `${attempt.method} ${pathOf(attempt.path)}`;
    const before = asked.get(what);
    if (before === undefined) asked.set(what, [attempt]);
    else before.push(attempt);
  }
  return [...asked.values()].map((same) => ({ n, method: same[0].method, startMs: same[0].startMs, attempts: same }));
}
