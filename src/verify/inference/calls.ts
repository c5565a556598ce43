/**
 * Calls: what a caller wanted of a dependency once, and every attempt that it made at it. Two attempts for one front-door request are one
 * call only if they ask for the same thing; a caller that asks the same dependency for two things has not tried again.
 */
import { RowGroups } from '../../journal/columns/row-groups.js';
import type { Exchanges } from '../../journal/exchanges.js';
import type { RowList } from '../../journal/list.js';
import { pathOf } from '../../journal/probe-paths.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import { demandFor } from './demand.js';
import { within } from './traffic.js';

/** More attempts per call than this without any fault, and the caller repeats itself for reasons of its own. */
const CALM_ATTEMPTS_MAX = 1.1;
const NO_KEY = -1;

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

/** Those that began in a window, in order of their first attempts. */
export type CallsIn = (window: Window) => readonly Call[];

export type CallView =
  | { kind: 'joined'; correlation: 'C2' | 'C1'; callsIn: CallsIn }
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
  const callsIn: CallsIn = (window) => {
    const calls = view
      .attemptedIn(window)
      .flatMap(({ n, endMs, attempts }) => splitByWhatIsAsked(n, attempts).map((call) => Object.assign(call, { endMs })));
    return within(inOrder(calls), window);
  };
  const calm = callsIn(baseline);
  const calmAttempts = calm.reduce((sum, call) => sum + call.attempts.length, 0) / Math.max(1, calm.length);
  if (calmAttempts > CALM_ATTEMPTS_MAX) {
    const each = `${calmAttempts.toFixed(2)} times each`;
    return { kind: 'unknown', reason: `${from} sends the same requests to ${to} ${each} without any fault, so a repetition tells nothing` };
  }
  return { kind: 'joined', correlation: view.correlation, callsIn };
}

/**
 * Calls by the key that their callers gave them in a header; requests without one are left out. Whoever sends them, one key is one call. Undefined if none
 * carries a key.
 */
export function callsByKey(exchanges: Exchanges, requests: RowList<RecordedExchange>, header: string): CallsIn | undefined {
  const { columns } = exchanges;
  const keyOf = (row: number): number => columns.valueNumber(row, header) ?? NO_KEY;
  const keys = new Int32Array(requests.length);
  for (const [i, row] of requests.rows.entries()) keys[i] = keyOf(row);
  if (keys.every((key) => key === NO_KEY)) return undefined;
  const groups = new RowGroups(requests.rows, keys, columns.strings.size);
  return (window) => {
    const begun = new Set(Int32Array.from(within(requests, window).rows, keyOf));
    begun.delete(NO_KEY);
    const calls = [...begun].flatMap((key) => {
      const same = Array.from(groups.rowsOf(key), (row) => exchanges.item(row));
      return splitByWhatIsAsked(same[0]?.n ?? 0, same);
    });
    return within(inOrder(calls), window);
  };
}

function inOrder(calls: Call[]): Call[] {
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
