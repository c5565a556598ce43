/**
 * Histories for tests of verdicts: a plan in the shape of the shop, and a journal built from a few exchanges. It goes through the real fold,
 * so what the checks see is what a run would give them.
 */
import type { JournalEvent, RecordedCheck, RecordedPlan, RecordedProbe, RecordedSeverity } from '../../src/journal/events.js';
import { type Exchange, linkName } from '../../src/journal/observations.js';
import { foldJournal, type RecordedConnection, type RunRecord } from '../../src/journal/record.js';

export const INVENTORY = ['inventory-1', 'inventory-2', 'inventory-3', 'inventory-4', 'inventory-5'] as const;

export interface HistoryFault {
  step: string;
  fromMs: number;
  /** Undefined: the journal never says that it ended. */
  toMs?: number;
  instances: readonly string[];
  matched?: number;
  applied?: number;
  /** It is on the processes of the instances. */
  isOnProcesses?: boolean;
  /** `abort` if omitted. */
  performs?: string;
  /** Whether it acts on requests or answers; a journal that does not say it if omitted. */
  phases?: readonly ('up' | 'down')[];
  /** Of one level of a sweep. */
  severity?: RecordedSeverity;
}

export interface History {
  exchanges: readonly HistoryExchange[];
  faults?: readonly HistoryFault[];
  checks?: readonly RecordedCheck[];
  probes?: readonly RecordedProbe[];
  probeResults?: readonly { probe: string; phase: 'baseline' | 'method' | 'settle'; met: boolean | null }[];
  baseline?: readonly [fromMs: number, toMs: number];
  toMs?: number;
  status?: RunRecord['status'];
  steadyState?: RunRecord['steadyState'];
  cleanup?: RunRecord['cleanup'];
  /** Drops everything from this event on: a journal cut short. */
  cutAt?: number;
  gateways?: readonly string[];
  /** The load knows a stand-in when it gets one. */
  hasStandIn?: boolean;
}

export type HistoryExchange = Pick<Exchange, 'from' | 'to' | 'startMs'> & Partial<Exchange>;

/** Ends before there was an answer, unless it is said that one had begun. */
const UNANSWERED: ReadonlySet<Exchange['end']> = new Set(['connectFailed', 'clientReset', 'clientClosed']);

/** An exchange that lasted 4 ms and was answered 200, unless said otherwise. */
export function exchange(given: HistoryExchange): Omit<Exchange, 'kind'> {
  const endMs = given.endMs ?? given.startMs + 4;
  const isAnswered = !UNANSWERED.has(given.end ?? 'complete');
  return {
    link: linkName(given.from, given.to),
    connection: 1,
    ordinal: 1,
    method: 'GET',
    path: '/',
    endMs,
    ...(isAnswered && { responseStartMs: endMs, status: 200 }),
    end: 'complete',
    bytesUp: 100,
    bytesDown: 200,
    ...given,
  };
}

/** A dial that a fault has cut before a request was on it. */
export function cutDial({ from, to, startMs }: Pick<Exchange, 'from' | 'to' | 'startMs'>, applied?: string): RecordedConnection {
  const cut = { endMs: startMs, end: 'faultReset', bytesUp: 0, bytesDown: 0 } as const;
  return {
    n: 1_000_000,
    link: linkName(from, to),
    from,
    to,
    connection: 1,
    startMs,
    ...cut,
    ...(applied !== undefined && { applied: [applied] }),
  };
}

export function shopPlan({
  faults = [],
  checks = [],
  probes = [],
  gateways = ['gateway-1'],
  hasStandIn = false,
}: Partial<History> = {}): RecordedPlan {
  const services = [
    { name: 'gateway', instances: gateways, probePaths: ['/health', '/ready'] },
    { name: 'inventory', instances: INVENTORY, probePaths: ['/health', '/ready'] },
    { name: 'payments', instances: ['payments-1'], probePaths: ['/health', '/ready'] },
  ];
  const links = gateways.flatMap((from) =>
    services
      .slice(1)
      .flatMap(({ name, instances }) =>
        instances.map((to) => ({ name: linkName(from, to), from, fromService: 'gateway', to, toService: name, protocol: 'http' as const })),
      ),
  );
  return {
    title: 'history',
    file: 'history.yaml',
    environment: 'local',
    seed: 1,
    inputs: {},
    services,
    links,
    load: {
      service: 'gateway',
      ratePerSecond: 150,
      routes: [
        { name: 'stock', method: 'GET', weight: 2 },
        { name: 'pay', method: 'POST', weight: 1, ...(hasStandIn && { hasStandIn }) },
      ],
    },
    probes,
    steps: faults.map((fault) => ({
      name: fault.step,
      kind: 'fault' as const,
      startAfter: [],
      fault: {
        type: 'abort',
        performs: fault.performs ?? 'abort',
        ...(fault.phases && { phases: fault.phases }),
        links: links.filter((link) => fault.instances.includes(link.to)).map((link) => link.name),
        instances: fault.instances,
        ...(fault.isOnProcesses && { processes: fault.instances }),
        durationMs: (fault.toMs ?? fault.fromMs) - fault.fromMs,
        minMatched: 1,
        summary: 'abort 503',
        ...(fault.severity && { severity: fault.severity }),
      },
    })),
    checks,
  };
}

export function journalOf(history: History): JournalEvent[] {
  const { faults = [], probeResults = [], baseline = [0, 8_000], status = 'completed' } = history;
  const toMs = history.toMs ?? history.exchanges.reduce((latest, e) => Math.max(latest, e.startMs), baseline[1]) + 1_000;
  const methodMs = baseline[1];
  const settleMs = toMs - 1;
  const phaseMs = { baseline: baseline[1], method: methodMs + 1, settle: toMs };
  const n = 0;
  const events: JournalEvent[] = [
    { n, atMs: baseline[0], type: 'runStarted', run: 'r', epoch: 1, version: '0', wallMs: 0, plan: shopPlan(history) },
    { n, atMs: baseline[0], type: 'phaseStarted', phase: 'baseline' },

    ...probeResults.map(
      ({ probe, phase, met }): JournalEvent => ({
        n,
        atMs: phaseMs[phase],
        type: 'probeResult',
        probe,
        phase,
        met,
        value: 1,
        detail: 'as told',
      }),
    ),
    { n, atMs: baseline[1], type: 'phaseEnded', phase: 'baseline' },
    { n, atMs: methodMs, type: 'phaseStarted', phase: 'method' },
    ...faults.flatMap(({ step, fromMs, toMs: endMs, matched = 1_000, applied = 1_000 }): JournalEvent[] => [
      { n, atMs: fromMs, type: 'faultApplied', fault: `r/${step}`, step },
      ...(endMs === undefined
        ? []
        : [{ n, atMs: endMs, type: 'faultEnded', fault: `r/${step}`, step, reason: 'duration', matched, applied, skipped: 0 } as const]),
    ]),
    { n, atMs: settleMs, type: 'phaseEnded', phase: 'method' },
  ];
  if (status !== 'unfinished') {
    const { steadyState = 'met', cleanup = 'confirmed' } = history;
    events.push({ n, atMs: toMs, type: 'runEnded', status, steadyState, cleanup });
  }
  for (const e of history.exchanges)
    events.push(Object.assign(exchange(e), { n, atMs: e.endMs ?? e.startMs + 4, type: 'exchange' as const }));
  events.sort((a, b) => a.atMs - b.atMs);
  for (const [i, event] of events.entries()) event.n = i + 1;
  return events;
}

export function recordOf(history: History): RunRecord {
  return foldJournal(journalOf(history).slice(0, history.cutAt));
}

/** Requests of the load with a token each, `everyMs` apart, from `fromMs` up to `toMs`. */
export function times({ fromMs, toMs, everyMs }: { fromMs: number; toMs: number; everyMs: number }): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((toMs - fromMs) / everyMs)) }, (_, i) => fromMs + i * everyMs);
}
