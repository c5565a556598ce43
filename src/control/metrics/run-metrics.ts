/**
 * A run's figures for Prometheus, made of what the run tells: where it stands, what it has found so far, whom it has harmed. What a reader would get wrong: gauges are of the
 * newest run and stay when it is over, until another begins; counters go on from run to run.
 */
import { Counter, Gauge, type Metric } from 'prom-client';
import type { PhaseName, RunStatus } from '../../journal/events.js';
import type { StateLane } from '../../verify/state-lane.js';
import type { LiveEvent, LiveFindingState, LiveRun, LiveVerdicts } from '../live/contract.js';
import type { RunFeed } from '../live/run-feed.js';
import { families } from './families.js';
import { LabelValues } from './label-values.js';
import { LoadMetrics } from './load-metrics.js';
import { metricOf } from './metric-of.js';

const PHASES: readonly PhaseName[] = ['setup', 'baseline', 'method', 'heal', 'settle', 'teardown'];
const STATUSES: readonly RunStatus[] = ['completed', 'stopped', 'interrupted', 'error'];

/** The worse, the more. */
const STATE_CODES: Readonly<Record<LiveFindingState, number>> = { open: 0, pass: 1, inconclusive: 2, fail: 3, error: 4 };

/** What a lane says → its number. Other words say that it is not known: no number for a breaker, 1 for an instance. */
const LANE_CODES: Readonly<Record<StateLane['kind'], ReadonlyMap<string, number>>> = {
  breaker: new Map(Object.entries({ closed: 0, halfOpen: 1, partial: 1, open: 2 })),
  ejection: new Map(Object.entries({ in: 0, ejected: 2 })),
  suspicion: new Map(Object.entries({ trusted: 0, suspected: 2 })),
};
const UNKNOWN: Readonly<Record<StateLane['kind'], number | undefined>> = { breaker: undefined, ejection: 1, suspicion: 1 };

export class RunMetrics {
  readonly #info = new Gauge(metricOf(families.run));
  readonly #phase = new Gauge(metricOf(families.phase));
  readonly #step = new Gauge(metricOf(families.step));
  readonly #gates = new Gauge(metricOf(families.gates));
  readonly #probes = new Gauge(metricOf(families.probes));
  readonly #planned = new Gauge(metricOf(families.planned));
  readonly #lanes: Readonly<Record<StateLane['kind'], Gauge>> = {
    breaker: new Gauge(metricOf(families.breakers)),
    ejection: new Gauge(metricOf(families.ejections)),
    suspicion: new Gauge(metricOf(families.suspicions)),
  };
  readonly #promises = new Gauge(metricOf(families.promises));
  readonly #verdict = new Gauge(metricOf(families.verdict));
  readonly #unhealed = new Gauge(metricOf(families.unhealed));
  readonly #runs = new Counter(metricOf(families.runs));
  readonly #judged = new Counter(metricOf(families.judged));
  readonly #stops = new Counter(metricOf(families.stops));
  readonly #untold = new Counter(metricOf(families.untold));
  readonly #load = new LoadMetrics();
  readonly #conditions = new LabelValues();
  /** Of the newest run: steps, probes, checks, faults and whom they are about. */
  #names = new LabelValues();
  /** Gates of the newest run that are open: news may be lost, and come twice. */
  readonly #waiting = new Set<string>();
  #run: LiveRun | undefined;
  #isJudged = false;

  constructor(feed: RunFeed) {
    // A series that begins with its first case has risen from nothing, which no alert can see.
    for (const status of STATUSES) this.#runs.inc({ status }, 0);
    for (const verdict of ['pass', 'fail', 'inconclusive', 'error']) this.#judged.inc({ verdict }, 0);
    feed.listen({
      onRun: (run) => this.#begin(run),
      onEvent: (event) => this.#note(event),
      onVerdicts: (verdicts) => this.#judge(verdicts),
      onSeconds: (seconds) => this.#load.note(seconds),
      onLost: (count) => this.#untold.inc(count),
    });
  }

  get metrics(): readonly Metric[] {
    const ofRun = [this.#info, this.#phase, this.#step, this.#gates, this.#probes, this.#planned, ...Object.values(this.#lanes)];
    const found = [this.#promises, this.#verdict, this.#unhealed, this.#runs, this.#judged, this.#stops, this.#untold];
    return [...ofRun, ...found, ...this.#load.metrics];
  }

  #begin(run: LiveRun): void {
    this.#run = run;
    this.#isJudged = false;
    this.#names = new LabelValues();
    this.#waiting.clear();
    const { plan } = run.started;
    for (const gauge of [this.#info, this.#step, this.#probes, this.#planned, this.#promises, ...Object.values(this.#lanes)]) gauge.reset();
    this.#info.set({ run: run.run, title: plan.title, environment: plan.environment }, 1);
    for (const phase of PHASES) this.#phase.set({ phase }, 0);
    for (const { name, fault } of plan.steps)
      if (fault !== undefined && Number.isFinite(fault.durationMs))
        this.#planned.set({ fault: this.#names.bounded(`${run.run}/${name}`), step: name }, fault.durationMs / 1_000);
    for (const { name, check, severity } of plan.checks)
      this.#promises.set(this.#promiseLabels(name, { check, severity }), STATE_CODES.open);
    for (const gauge of [this.#gates, this.#verdict, this.#unhealed]) gauge.set(0);
    this.#load.begin();
  }

  #note(event: LiveEvent): void {
    switch (event.type) {
      case 'phaseStarted':
        this.#phase.set({ phase: event.phase }, 1);
        return;
      case 'phaseEnded':
        this.#phase.set({ phase: event.phase }, 0);
        return;
      case 'stepStarted':
        this.#step.set(this.#stepLabels(event.step), 1);
        return;
      case 'stepEnded':
        this.#step.remove(this.#stepLabels(event.step));
        return;
      case 'faultApplied':
        this.#load.countHarm();
        return;
      case 'gateOpened':
        this.#waiting.add(this.#names.bounded(event.gate));
        this.#gates.set(this.#waiting.size);
        return;
      case 'gateClosed':
        this.#waiting.delete(this.#names.bounded(event.gate));
        this.#gates.set(this.#waiting.size);
        return;
      default:
        this.#noteOutcome(event);
    }
  }

  #noteOutcome(event: LiveEvent): void {
    switch (event.type) {
      case 'probeResult':
        if (event.met === null) this.#probes.remove({ probe: this.#names.bounded(event.probe) });
        else this.#probes.set({ probe: this.#names.bounded(event.probe) }, event.met ? 1 : 0);
        return;
      case 'stopTripped':
        this.#stops.inc({ condition: this.#conditions.bounded(event.condition) });
        return;
      case 'healFailed':
        this.#unhealed.set(1);
        return;
      case 'healConfirmed':
        this.#unhealed.set(0);
        return;
      case 'runEnded':
        this.#end(event.status, event.cleanup);
        return;
      default:
    }
  }

  #end(status: RunStatus, cleanup: 'confirmed' | 'dirty'): void {
    this.#runs.inc({ status });
    this.#unhealed.set(cleanup === 'dirty' ? 1 : 0);
    if (this.#run === undefined) return;
    const { run, started } = this.#run;
    this.#info.set({ run, title: started.plan.title, environment: started.plan.environment }, 0);
    this.#step.reset();
  }

  #judge({ final, findings, lanes }: LiveVerdicts): void {
    for (const { name, check, severity, state } of findings)
      this.#promises.set(this.#promiseLabels(name, { check, severity }), STATE_CODES[state]);
    for (const gauge of Object.values(this.#lanes)) gauge.reset();
    for (const lane of lanes) this.#show(lane);
    if (final === null) return;
    this.#verdict.set(STATE_CODES[final.verdict]);
    // What is sent twice is one judgement.
    if (!this.#isJudged) this.#judged.inc({ verdict: final.verdict });
    this.#isJudged = true;
  }

  #show({ kind, subject, segments }: StateLane): void {
    const newest = segments.at(-1);
    const code = newest === undefined ? undefined : (LANE_CODES[kind].get(newest.state) ?? UNKNOWN[kind]);
    if (code !== undefined) this.#lanes[kind].set({ subject: this.#names.bounded(subject) }, code);
  }

  #promiseLabels(name: string, { check, severity }: { check: string; severity: string }) {
    return { check: this.#names.bounded(name), kind: check, severity };
  }

  #stepLabels(step: string): { step: string; kind: string } {
    const kind = this.#run?.started.plan.steps.find(({ name }) => name === step)?.kind ?? 'unknown';
    return { step: this.#names.bounded(step), kind };
  }
}
