/**
 * The fold: journal events → one `RunRecord`, the only input of checks and reports. It is total: a journal cut short, out of order or with
 * unknown events still folds, and `gaps` says what is missing, because a verdict on an incomplete journal may not be `pass`.
 */

import { type ClockBound, compareClock } from './clock-bounds.js';
import { ExchangeColumns } from './columns/exchange-columns.js';
import { ExchangeLines } from './columns/exchange-lines.js';
import type { Latin } from './columns/latin.js';
import { isExchange } from './event-shape.js';
import type { JournalEvent, PhaseName, RecordedFault, RecordedMachine, RecordedPlan, RunStatus, SteadyState } from './events.js';
import { Exchanges } from './exchanges.js';
import { applyFault, type GrowingFault, turnFault } from './fault-windows.js';
import type { Connection, Exchange } from './observations.js';
import { isTook, type TrafficSum } from './traffic-sum.js';

export interface Window {
  fromMs: number;
  /** Infinity while it was still open when the journal ended. */
  toMs: number;
}
export interface PhaseWindow extends Window {
  phase: PhaseName;
}
export interface StepWindow extends Window {
  step: string;
  outcome: 'completed' | 'stopped' | 'error' | 'unfinished';
}
/** What a fault was like from one instant to the next such. */
export interface FaultLevel {
  atMs: number;
  /** False while its pulse had it off. */
  isOn: boolean;
  /** The share that it hit, 0…100. */
  percentage: number;
}
/** One fault that was on: `fromMs` when the daemon applied it, `toMs` when the daemon ended it. */
export interface FaultWindow extends Window {
  fault: string;
  step: string;
  planned: RecordedFault;
  /** 0 also where the data plane does not tell: `plan.linksUnseen` says so. */
  matched: number;
  applied: number;
  /** Chosen while as many were hit as may be at a time. */
  overflow: number;
  /** Beside these: requests whose body it was to look into and could not. */
  unread: number;
  endedBy: 'healed' | 'expired' | 'duration' | 'halted' | 'unknown';
  /** In order, the first from when it was applied; empty where nobody told. */
  levels: readonly FaultLevel[];
  /** Events that prove it: applied, ended. */
  evidence: readonly number[];
}
export interface ProbeResult {
  n: number;
  atMs: number;
  probe: string;
  phase: PhaseName;
  /** `null`: nothing to judge by, for example no traffic. */
  met: boolean | null;
  value: number | string | null;
  detail: string;
}
/** An exchange with the number of the event that holds it. */
export type RecordedExchange = Omit<Exchange, 'kind'> & { n: number };
export type RecordedConnection = Omit<Connection, 'kind'> & { n: number };

export type RecordedSum = TrafficSum & { n: number };

export interface RunRecord extends Window {
  run: string;
  version: string;
  wallMs: number;
  plan: RecordedPlan;
  /** This and the next two are left out where the journal does not tell. */
  machine?: RecordedMachine;
  daemonVersion?: string;
  briefedBy?: string;
  /** Of hosts that are not the run's own; left out where there were none. */
  clocks?: readonly ClockBound[];
  phases: readonly PhaseWindow[];
  steps: readonly StepWindow[];
  faults: readonly FaultWindow[];
  /** Sorted by `startMs`. */
  exchanges: Exchanges;
  connections: readonly RecordedConnection[];
  /** Of exchanges that were not kept one by one; sorted by `fromMs`. */
  sums: readonly RecordedSum[];
  probes: readonly ProbeResult[];
  /** Everything that is not an exchange or a connection, in order: for timelines and reports. */
  events: readonly JournalEvent[];
  status: RunStatus | 'unfinished';
  steadyState: SteadyState;
  cleanup: 'confirmed' | 'dirty';
  /** Sentences that say what is missing; empty when the journal is whole. */
  gaps: readonly string[];
}

const EMPTY_PLAN: RecordedPlan = {
  title: 'unknown',
  file: '',
  environment: '',
  seed: 0,
  inputs: {},
  services: [],
  links: [],
  probes: [],
  steps: [],
  checks: [],
};

/** While it grows. */
type Mutable = {
  -readonly [K in keyof Omit<RunRecord, 'faults' | 'exchanges'>]: RunRecord[K] extends readonly (infer E)[] ? E[] : RunRecord[K];
} & { faults: GrowingFault[] };

/** Gaps named one by one; the rest is a count. */
const GAPS_NAMED_MAX = 100;

/** Folds events into the record. Never throws; `lineGaps` are what the reader itself could not read. */
export function foldJournal(events: Iterable<JournalEvent>, lineGaps: readonly string[] = []): RunRecord {
  const fold = new Fold();
  for (const event of events) fold.add(event);
  return fold.record(lineGaps);
}

/** The same one event at a time, for journals that are larger than memory: of an exchange nothing is kept but what the record holds. */
export class Fold {
  readonly #record: Mutable = emptyRecord();
  readonly #exchanges = new ExchangeColumns();
  readonly #lines = new ExchangeLines(this.#exchanges);
  #expected = 1;
  #holes = 0;
  #broken = 0;

  /** `line`: what it was parsed from, if that is to be known again. */
  add(event: JournalEvent, line?: string): void {
    // Questions are asked when the run is over; how long people think is not its business.
    this.#heed(event.n, event.atMs, event.type !== 'answer');
    if (event.type !== 'exchange') apply(this.#record, event);
    else if (isExchange(event)) {
      this.#exchanges.push(event);
      if (line !== undefined) this.#lines.learn(event, line);
    } else this.#broken += 1;
  }

  /** A line of which nothing has to be parsed, because it is like one that was added; false if it is to be. */
  take(line: Readonly<Latin>): boolean {
    if (!this.#lines.take(line)) return false;
    this.#heed(this.#lines.n, this.#lines.atMs, true);
    return true;
  }

  #heed(n: number, atMs: number, isOfRun: boolean): void {
    const record = this.#record;
    if (n !== this.#expected && ++this.#holes <= GAPS_NAMED_MAX) record.gaps.push(`events ${this.#expected}…${n - 1} are missing`);
    this.#expected = n + 1;
    if (Number.isNaN(record.fromMs)) record.fromMs = atMs;
    if (isOfRun) record.toMs = atMs;
  }

  /** Of all that was added so far; `lineGaps` come before its own. Where more is added afterwards it takes its place: the two share what does not change. */
  record(lineGaps: readonly string[] = []): RunRecord {
    const record = this.#record;
    record.sums.sort((a, b) => a.fromMs - b.fromMs || a.n - b.n);
    record.connections.sort((a, b) => a.startMs - b.startMs || a.n - b.n);
    return { ...record, gaps: [...lineGaps, ...record.gaps, ...this.#missing()], exchanges: new Exchanges(this.#exchanges) };
  }

  #missing(): readonly string[] {
    const { plan, status } = this.#record;
    const gaps: string[] = [];
    if (this.#holes > GAPS_NAMED_MAX) gaps.push(`events are missing in ${this.#holes - GAPS_NAMED_MAX} more places`);
    if (this.#broken > 0) gaps.push(`${this.#broken} exchanges lack what each of them has`);
    if (plan === EMPTY_PLAN) gaps.push('the journal does not say how the run started');
    if (status === 'unfinished') gaps.push('the journal ends before the run did');
    return gaps;
  }
}

function emptyRecord(): Mutable {
  return {
    run: 'unknown',
    version: 'unknown',
    wallMs: 0,
    plan: EMPTY_PLAN,
    fromMs: Number.NaN,
    toMs: Number.NaN,
    phases: [],
    steps: [],
    faults: [],
    connections: [],
    sums: [],
    probes: [],
    events: [],
    status: 'unfinished',
    steadyState: 'unchecked',
    cleanup: 'dirty',
    gaps: [],
  };
}

function apply(record: Mutable, event: Exclude<JournalEvent, { type: 'exchange' }>): void {
  switch (event.type) {
    case 'connection':
      record.connections.push(event);
      return;
    case 'trafficSum':
      if (isTook(event.tookUs)) record.sums.push(event);
      else record.gaps.push(`event ${event.n} sums ${event.count} requests of ${event.link}, and its times are damaged`);
      return;
    default:
      record.events.push(event);
      applyControl(record, event);
  }
}

function applyControl(record: Mutable, event: JournalEvent): void {
  switch (event.type) {
    case 'runStarted':
      if (record.plan !== EMPTY_PLAN) record.gaps.push(`the journal holds several runs: ${record.run} and ${event.run}`);
      record.run = event.run;
      record.version = event.version;
      record.wallMs = event.wallMs;
      record.plan = event.plan;
      if (event.machine !== undefined) record.machine = event.machine;
      if (event.daemonVersion !== undefined) record.daemonVersion = event.daemonVersion;
      if (event.briefedBy !== undefined) record.briefedBy = event.briefedBy;
      return;
    case 'phaseStarted':
      record.phases.push({ phase: event.phase, fromMs: event.atMs, toMs: Number.POSITIVE_INFINITY });
      return;
    case 'phaseEnded':
      close(record.phases, (p) => p.phase === event.phase, { toMs: event.atMs });
      return;
    case 'stepStarted':
      record.steps.push({ step: event.step, fromMs: event.atMs, toMs: Number.POSITIVE_INFINITY, outcome: 'unfinished' });
      return;
    case 'stepEnded':
      close(record.steps, (s) => s.step === event.step, { toMs: event.atMs, outcome: event.outcome });
      return;
    case 'faultApplied':
    case 'faultEnded':
      applyFault(record, event);
      return;
    case 'faultTurned':
      turnFault(record, event);
      return;
    case 'probeResult':
      record.probes.push(event);
      return;
    case 'clockCompared':
      compareClock(record, event);
      return;
    case 'observationsLost':
      record.gaps.push(`${event.count} observations were lost: ${event.reason}`);
      return;
    case 'runEnded':
      record.status = event.status;
      record.steadyState = event.steadyState;
      record.cleanup = event.cleanup;
      return;
    default:
      return;
  }
}

function close<T extends Window>(windows: T[], isIt: (window: T) => boolean, end: Partial<T>): void {
  const open = windows.find((w) => isIt(w) && w.toMs === Number.POSITIVE_INFINITY);
  if (open !== undefined) Object.assign(open, end);
}
