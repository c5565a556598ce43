/**
 * Calls: what a caller wanted of a dependency once, and every attempt that it made at it. Two attempts for one front-door request are one
 * call only if they ask for the same thing; a caller that asks the same dependency for two things has not tried again.
 */
import assert from 'node:assert';
import { RowGroups } from '../../journal/columns/row-groups.js';
import { rowsInOrder } from '../../journal/columns/row-order.js';
import type { Exchanges } from '../../journal/exchanges.js';
import { type List, RowList } from '../../journal/list.js';
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

/** Those that began in a window, in order of their first attempts; each is made when it is asked for, so know it again by `numberOf`. */
export type CallsIn = (window: Window) => List<Call>;

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
  const callsIn: CallsIn = (window) => callsOf(view.attemptedIn(window), window);
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
    const asked = new RowList(Uint32Array.from(begun), (key) => {
      const attempts = groups.map(key, (row) => exchanges.item(row));
      return { n: attempts[0]?.n ?? 0, attempts };
    });
    return callsOf(asked, window);
  };
}

/** By its first attempt: no other call has that. */
export function numberOf({ attempts: [first] }: Call): number {
  return first.n;
}

/** What one wanted, and the attempts that it led to, whatever they ask for. */
type Asked = Pick<Call, 'n' | 'endMs'> & { attempts: readonly RecordedExchange[] };

function callsOf(asked: List<Asked>, { fromMs, toMs }: Window): List<Call> {
  const begun: { place: number[]; part: number[]; startMs: number[] } = { place: [], part: [], startMs: [] };
  let place = 0;
  for (const one of asked) {
    for (const [part, [{ startMs }]] of partsOf(one.attempts).entries()) {
      if (startMs < fromMs || startMs >= toMs) continue;
      begun.place.push(place);
      begun.part.push(part);
      begun.startMs.push(startMs);
    }
    place += 1;
  }
  const { length } = begun.place;
  const rows = rowsInOrder(length, (a, b) => (begun.startMs[a] ?? 0) > (begun.startMs[b] ?? 0));
  return new RowList(rows, (row) => callOf(asked.at(begun.place[row] ?? 0), begun.part[row] ?? 0));
}

function callOf(asked: Asked | undefined, part: number): Call {
  const attempts = partsOf(asked?.attempts ?? [])[part];
  assert(asked !== undefined && attempts !== undefined, 'a call is there as long as what it was made of');
  const { n, endMs } = asked;
  const [{ method, startMs }] = attempts;
  return { n, method, startMs, attempts, ...(endMs !== undefined && { endMs }) };
}

type Attempts = Call['attempts'];

/** By what they ask for. */
function partsOf(attempts: readonly RecordedExchange[]): readonly Attempts[] {
  const [first, ...more] = attempts;
  if (first === undefined) return [];
  if (more.length === 0) return [[first]];
  const asked = new Map<string, [RecordedExchange, ...RecordedExchange[]]>();
  for (const attempt of attempts) {
    const what = `${attempt.method} ${pathOf(attempt.path)}`;
    const before = asked.get(what);
    if (before === undefined) asked.set(what, [attempt]);
    else before.push(attempt);
  }
  return [...asked.values()];
}
