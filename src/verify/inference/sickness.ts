/**
 * When callers saw an instance sick, cell by cell: gray failure lives in one caller, one instance, one route, and drowns in any average. A
 * cell turns sick or well again by CUSUM, so a long scan does not find sickness in chance; a few failures prove neither.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import { pathOf } from '../../journal/probe-paths.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import { bernoulliEvidence, CUSUM_ALARM, cusum, type Interval } from './statistics.js';

/** Without requests for so long, nobody uses the instance: whatever it is, it harms no one. */
const UNUSED_MS = 2_000;

/** From this evidence on a cell that was not proved sick is not called well either: four failures in a row. */
const SUSPICION = Math.log(100);

export interface Cell {
  caller: string;
  instance: string;
  route: string;
  /** In order of start. */
  requests: ExchangeList;
  bad: ExchangeList;
}

/** By caller, instance and route; the route as the link noted it, else the method and the first segment of the path. */
export function cellsOf(requests: ExchangeList, isBad: (request: RecordedExchange) => boolean): Cell[] {
  const cells = new Map<string, Omit<Cell, 'requests' | 'bad'> & { requests: RecordedExchange[]; bad: RecordedExchange[] }>();
  for (const request of requests) {
    const route = request.route ?? `${request.method} /${pathOf(request.path).split('/')[1] ?? ''}`;
    const key = `${request.from} ${request.to} ${route}`;
    const cell = cells.get(key) ?? { caller: request.from, instance: request.to, route, requests: [], bad: [] };
    cell.requests.push(request);
    if (isBad(request)) cell.bad.push(request);
    cells.set(key, cell);
  }
  return [...cells.values()];
}

/** Sick, but for the doubt at its ends. */
export interface Sickness {
  /** From the first sign to the proof. */
  began: Interval;
  /** From the first sign that it is over to the proof; both the last request where it is not. */
  ended: Interval;
}

/** Times in which more than about `limit` of a cell's requests were bad; only while it is in use. */
export function sicknesses({ requests, bad }: Cell, limit: number): Sickness[] {
  const evidenceOf = evidenceOn(bad, limit);
  return usesOf(requests).flatMap((use) => sicknessesIn(use, evidenceOf));
}

type EvidenceOf = (request: RecordedExchange) => number;

function evidenceOn(bad: ExchangeList, limit: number): EvidenceOf {
  const { hit, miss } = bernoulliEvidence({ before: limit / 2, after: Math.min(2 * limit, (1 + limit) / 2) });
  const isBad = new Set(bad);
  return (request) => (isBad.has(request) ? hit : miss);
}

function sicknessesIn(use: ExchangeList, evidenceOf: EvidenceOf): Sickness[] {
  const found: Sickness[] = [];
  let began: Interval | undefined;
  let sum = 0;
  let signMs: number | undefined;
  for (const request of use) {
    sum = cusum(sum, began === undefined ? evidenceOf(request) : -evidenceOf(request));
    signMs = sum === 0 ? undefined : (signMs ?? request.startMs);
    if (sum <= CUSUM_ALARM) continue;
    const turn: Interval = [signMs ?? request.startMs, request.startMs];
    if (began !== undefined) found.push({ began, ended: turn });
    began = began === undefined ? turn : undefined;
    sum = 0;
    signMs = undefined;
  }
  const lastMs = use.at(-1)?.startMs ?? 0;
  return began === undefined ? found : [...found, { began, ended: [lastMs, lastMs] }];
}

function isSuspect({ requests, bad }: Cell, limit: number): boolean {
  const evidenceOf = evidenceOn(bad, limit);
  let sum = 0;
  return requests.some((request) => {
    sum = cusum(sum, evidenceOf(request));
    return sum > SUSPICION;
  });
}

/** Requests without a long pause between them. */
function usesOf(requests: ExchangeList): RecordedExchange[][] {
  const uses: RecordedExchange[][] = [];
  for (const request of requests) {
    const use = uses.at(-1);
    const last = use?.at(-1);
    if (use !== undefined && last !== undefined && request.startMs - last.startMs <= UNUSED_MS) use.push(request);
    else uses.push([request]);
  }
  return uses;
}

/** Times in which the health checks of an instance said that it was not well: from a failed one's end to the next good one's. */
export function reportedSick(probes: ExchangeList): Window[] {
  const windows: Window[] = [];
  let fromMs: number | undefined;
  for (const probe of [...probes].sort((a, b) => a.endMs - b.endMs)) {
    const isWell = isSuccess(probe) && (probe.status ?? 0) < 400;
    if (!isWell) fromMs ??= probe.endMs;
    else if (fromMs !== undefined) {
      windows.push({ fromMs, toMs: probe.endMs });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined) windows.push({ fromMs, toMs: Number.POSITIVE_INFINITY });
  return windows;
}

export interface Disagreement {
  cell: Cell;
  /** The longest time at a stretch that the cell was sick and its health checks said nothing. */
  lengthMs: number;
  interval: Interval;
}

export function disagreementOf(cell: Cell, reported: readonly Window[], limit: number): Disagreement {
  const found = sicknesses(cell, limit);
  const longest = (from: 0 | 1, to: 0 | 1): number =>
    Math.max(0, ...found.map(({ began, ended }) => longestOutside({ fromMs: began[from], toMs: ended[to] }, reported)));
  if (found.length > 0) return { cell, lengthMs: longest(0, 0), interval: [longest(1, 0), longest(0, 1)] };
  // Not proved: but where more than chance points to it, it may have been sick for as long as there were failures.
  const [first, last] = [cell.bad.at(0)?.startMs ?? 0, cell.bad.at(-1)?.startMs ?? 0];
  return { cell, lengthMs: 0, interval: [0, isSuspect(cell, limit) ? longestOutside({ fromMs: first, toMs: last }, reported) : 0] };
}

/** The longest part of a window that none of the others, in order, covers. */
function longestOutside({ fromMs, toMs }: Window, others: readonly Window[]): number {
  let longestMs = 0;
  let freeMs = fromMs;
  for (const other of others) {
    if (other.toMs <= freeMs || other.fromMs >= toMs) continue;
    longestMs = Math.max(longestMs, other.fromMs - freeMs);
    freeMs = other.toMs;
  }
  return Math.max(longestMs, toMs - freeMs);
}
