/**
 * What a person watching a run needs to know now, folded from the journal's events one by one. Bounded whatever the run does: figures are kept for
 * the last seconds only. The journal holds the truth; this forgets.
 */
import type { JournalEvent, PhaseName } from '../journal/events.js';
import { isSuccess, LOAD } from '../journal/observations.js';
import { isGood } from '../journal/traffic-sum.js';
import type { SoFar } from '../verify/so-far.js';
import { printable } from './printable.js';
import { isTraffic, sentenceOf } from './sentence.js';
import { nearestRank } from './series.js';
import { formatInstant } from './wording.js';

export interface RunningFault {
  fault: string;
  step: string;
  summary: string;
  sinceMs: number;
  /** When its planned time is up. */
  untilMs: number;
}
export interface LiveGate {
  gate: string;
  question: string;
  /** Who may answer; anybody if empty. */
  by: readonly string[];
  /** When its time is up. */
  untilMs: number;
}
export interface LiveView {
  title: string;
  run: string;
  /** How long the plan is expected to take; `null` if the caller cannot say. */
  plannedMs: number | null;
  startedMs: number;
  /** Instant of the newest event. */
  nowMs: number;
  phase: PhaseName | null;
  /** Name → one line for people, from the plan. */
  summaries: Readonly<Record<string, { summary: string; durationMs: number }>>;
  faults: readonly RunningFault[];
  /** Answers to the load by the second in which they came, or in which they were asked for where they come summed; newest last. */
  seconds: readonly LiveSecond[];
  /** Sums have come: requests are no longer told one by one, and their figures come late. */
  isSummed: boolean;
  sent: number;
  /** Requests of the load that failed since the first fault was on. */
  harmed: number;
  faulted: boolean;
  /** Newest result of each probe. */
  probes: readonly { probe: string; met: boolean | null }[];
  /** Gates that wait, the longest first. */
  gates: readonly LiveGate[];
  /** Of each promise, as far as somebody has judged; empty before that. */
  soFar: readonly Pick<SoFar, 'name' | 'state'>[];
  lost: number;
  /** The newest sentences, newest last. */
  news: readonly string[];
}
interface LiveSecond {
  second: number;
  answered: number;
  failed: number;
  tookMs: readonly number[];
}

const SECONDS_MAX = 6;
const NEWS_MAX = 3;
/** Beyond it a second's percentile is that of its first answers. */
const TIMES_PER_SECOND_MAX = 2_000;

export function startView({ plannedMs = null }: { plannedMs?: number | null } = {}): LiveView {
  return {
    title: '',
    run: '',
    plannedMs,
    startedMs: Number.NaN,
    nowMs: Number.NaN,
    phase: null,
    summaries: {},
    faults: [],
    seconds: [],
    isSummed: false,
    sent: 0,
    harmed: 0,
    faulted: false,
    probes: [],
    gates: [],
    soFar: [],
    lost: 0,
    news: [],
  };
}

/** The view after one more event. Pure: the old view stays as it was. */
export function reduceView(view: LiveView, event: JournalEvent): LiveView {
  const startedMs = Number.isNaN(view.startedMs) ? event.atMs : view.startedMs;
  const nowMs = Number.isNaN(view.nowMs) ? event.atMs : Math.max(view.nowMs, event.atMs);
  const next = { ...view, startedMs, nowMs };
  if (event.type === 'exchange') return event.from === LOAD ? withAnswer(next, event) : next;
  if (event.type === 'trafficSum') return event.from === LOAD ? withSum(next, event) : next;
  const line = plainLine(event, startedMs);
  return { ...next, ...changeBy(next, event), ...(line !== undefined && { news: [...view.news, line].slice(-NEWS_MAX) }) };
}

function changeBy(view: LiveView, event: JournalEvent): Partial<LiveView> {
  switch (event.type) {
    case 'runStarted': {
      const faults = event.plan.steps.flatMap((s) => (s.fault ? [[s.name, s.fault] as const] : []));
      return { title: event.plan.title, run: event.run, summaries: Object.fromEntries(faults) };
    }
    case 'phaseStarted':
      return { phase: event.phase };
    case 'faultApplied': {
      const { summary, durationMs } = view.summaries[event.step] ?? { summary: '', durationMs: Number.POSITIVE_INFINITY };
      const fault = { fault: event.fault, step: event.step, summary, sinceMs: event.atMs, untilMs: event.atMs + durationMs };
      return { faulted: true, faults: [...view.faults, fault] };
    }
    case 'faultEnded':
      return { faults: view.faults.filter((f) => f.fault !== event.fault) };
    case 'probeResult':
      return { probes: [...view.probes.filter((p) => p.probe !== event.probe), { probe: event.probe, met: event.met }] };
    case 'gateOpened': {
      const { gate, question, by, atMs, timeoutMs } = event;
      return { gates: [...view.gates, { gate, question, by, untilMs: atMs + timeoutMs }] };
    }
    case 'gateClosed':
      return { gates: view.gates.filter(({ gate }) => gate !== event.gate) };
    case 'observationsLost':
      return { lost: view.lost + event.count };
    default:
      return {};
  }
}

function withAnswer(view: LiveView, exchange: Extract<JournalEvent, { type: 'exchange' }>): LiveView {
  const failed = isSuccess(exchange) ? 0 : 1;
  return withAnswers(view, { atMs: exchange.endMs, answered: 1, failed, tookMs: [exchange.endMs - exchange.startMs] });
}

/** A picture four times a second has no use for a histogram: of sums there are counts, and no times. */
function withSum(view: LiveView, sum: Extract<JournalEvent, { type: 'trafficSum' }>): LiveView {
  const failed = isGood(sum) ? 0 : sum.count;
  return { ...withAnswers(view, { atMs: sum.fromMs, answered: sum.count, failed, tookMs: [] }), isSummed: true };
}

function withAnswers(view: LiveView, { atMs, ...more }: Omit<LiveSecond, 'second'> & { atMs: number }): LiveView {
  const second = Math.floor(atMs / 1_000);
  const known = view.seconds.find((s) => s.second === second) ?? { second, answered: 0, failed: 0, tookMs: [] };
  const full = known.tookMs.length >= TIMES_PER_SECOND_MAX;
  const updated = {
    second,
    answered: known.answered + more.answered,
    failed: known.failed + more.failed,
    tookMs: full ? known.tookMs : [...known.tookMs, ...more.tookMs],
  };
  const seconds = [...view.seconds.filter((s) => s.second !== second), updated].sort((a, b) => a.second - b.second).slice(-SECONDS_MAX);
  return { ...view, seconds, sent: view.sent + more.answered, harmed: view.harmed + (view.faulted ? more.failed : 0) };
}

export interface FrontDoor {
  ratePerSecond: number;
  successRatio: number | null;
  p99Ms: number | null;
}

/**
 * What users saw in the last whole seconds before `nowMs`; the second under way is left out, because it would look slow. Sums come some seconds
 * late: then the newest that came is what counts as now.
 */
export function frontDoorOf(view: LiveView, nowMs: number): FrontDoor {
  const newest = view.seconds.at(-1)?.second ?? 0;
  const current = view.isSummed ? newest + 1 : Math.floor(nowMs / 1_000);
  const windowSeconds = SECONDS_MAX - 1;
  const whole = view.seconds.filter((s) => s.second < current && s.second >= current - windowSeconds);
  const answered = whole.reduce((sum, s) => sum + s.answered, 0);
  const failed = whole.reduce((sum, s) => sum + s.failed, 0);
  const tookMs = whole.flatMap((s) => s.tookMs).sort((a, b) => a - b);
  return {
    ratePerSecond: answered / Math.max(1, whole.length),
    successRatio: answered === 0 ? null : 1 - failed / answered,
    p99Ms: nearestRank(tookMs, 0.99),
  };
}

/** One line for an event worth reading where a cursor cannot be moved; undefined for the others. `startedMs`: the run's first event. */
export function plainLine(event: JournalEvent, startedMs: number): string | undefined {
  if (isTraffic(event)) return undefined;
  const sentence = sentenceOf(event);
  return sentence === undefined ? undefined : printable(`${formatInstant(event.atMs, startedMs).padStart(7)}  ${sentence}`);
}
