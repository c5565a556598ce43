/**
 * Asks a plan's probes: once at the start and at the end, or again and again while the run goes on. Every answer goes into the
 * journal; what a row of bad ones means is reckoned in `journal/probe-streak`.
 */
import { type Clock, every, sleep, type Timer } from '../core/clock.js';
import { reasonOf } from '../core/errors.js';
import type { AskedProbe, PlannedProbe } from '../experiment/plan.js';
import type { JournalEvent, NewEvent, PhaseName } from '../journal/events.js';
import { nextStreak, type Streak, WELL } from '../journal/probe-streak.js';
import { probes as catalog } from './probes/catalog.js';
import type { ProbeOutcome, ProbePorts } from './probes/probe.js';

/** What the last look before or after the method came to. `undecided`: there was nothing to judge by, and that is no way to be well. */
export type GateResult = 'met' | 'notMet' | 'undecided';

export interface ProbeRunnerPorts {
  clock: Clock;
  probing: ProbePorts;
  note(event: NewEvent): void;
  phase(): PhaseName;
}

export class ProbeRunner implements Disposable {
  readonly #ports: ProbeRunnerPorts;
  readonly #probes: readonly PlannedProbe[];
  readonly #streaks = new Map<string, Streak>();
  readonly #timers: Timer[] = [];
  readonly #faultTimers: Timer[] = [];
  readonly #faultsOn = new Set<string>();
  readonly #stop = new AbortController();

  constructor(ports: ProbeRunnerPorts, probes: readonly PlannedProbe[]) {
    this.#ports = ports;
    this.#probes = probes;
  }

  streak(probe: string): Streak {
    return this.#streaks.get(probe) ?? WELL;
  }

  /** Asks continuous probes from now on, until disposed. */
  watch(): void {
    this.#timers.push(...this.#of(['continuous']).map((probe) => this.#askOften(probe)));
  }

  /** Probes of the mode `onFault` are asked while a fault is on; each time one comes, their intervals begin anew. Told every event of the journal. */
  heed(event: JournalEvent): void {
    if (event.type === 'faultApplied') this.#faultsOn.add(event.fault);
    else if (event.type === 'faultEnded') this.#faultsOn.delete(event.fault);
    else return;
    if (this.#faultsOn.size === 0) for (const timer of this.#faultTimers.splice(0)) timer.cancel();
    else if (this.#faultTimers.length === 0 && !this.#stop.signal.aborted)
      this.#faultTimers.push(...this.#of(['onFault']).map((probe) => this.#askOften(probe)));
  }

  /** Asks the probes of these modes now, each until it was met `successThreshold` times in a row, and at most until it was not `failureThreshold` times. */
  async gate(modes: readonly PlannedProbe['mode'][], signal: AbortSignal): Promise<GateResult> {
    const results = await Promise.all(this.#of(modes).map((probe) => this.#askUntilMet(probe, signal)));
    return (['notMet', 'undecided'] as const).find((bad) => results.includes(bad)) ?? 'met';
  }

  /** Asks one probe now, like a gate of its own. */
  holds(probe: AskedProbe, signal: AbortSignal): Promise<GateResult> {
    return this.#askUntilMet(probe, signal);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const timer of [...this.#timers, ...this.#faultTimers]) timer.cancel();
  }

  #of(modes: readonly PlannedProbe['mode'][]): readonly PlannedProbe[] {
    return this.#probes.filter(({ mode }) => modes.includes(mode));
  }

  /** Every `intervalMs`. A slow answer delays the next question; they never overlap. */
  #askOften(probe: AskedProbe): Timer {
    let isBusy = false;
    return every(this.#ports.clock, probe.intervalMs, () => {
      if (isBusy) return;
      isBusy = true;
      void this.#ask(probe, this.#stop.signal).finally(() => {
        isBusy = false;
      });
    });
  }

  async #askUntilMet(probe: AskedProbe, signal: AbortSignal): Promise<GateResult> {
    for (let [successes, misses] = [0, 0]; ; ) {
      const { met } = await this.#ask(probe, signal);
      successes = met === true ? successes + 1 : 0;
      misses += met === true ? 0 : 1;
      if (successes >= probe.successThreshold) return 'met';
      if (misses >= probe.failureThreshold) return met === null ? 'undecided' : 'notMet';
      await sleep(this.#ports.clock, probe.intervalMs, signal);
    }
  }

  async #ask(probe: AskedProbe, signal: AbortSignal): Promise<ProbeOutcome> {
    const { clock, probing, note, phase } = this.#ports;
    const outcome = await this.#outcome(probe, AbortSignal.any([signal, AbortSignal.timeout(probe.timeoutMs)]), probing);
    if (this.#stop.signal.aborted || signal.aborted) return outcome;
    const answer = { met: outcome.met, atMs: clock.nowMs() };
    this.#streaks.set(probe.name, nextStreak(this.streak(probe.name), answer, probe.successThreshold));
    note({ type: 'probeResult', probe: probe.name, phase: phase(), ...outcome });
    return outcome;
  }

  async #outcome(probe: AskedProbe, signal: AbortSignal, probing: ProbePorts): Promise<ProbeOutcome> {
    const definition = catalog.get(probe.type);
    if (definition === undefined) throw new Error(`the plan names a probe type that is not in the catalog: ${probe.type}`);
    try {
      return await definition.run(probe.params, probing, signal);
    } catch (error) {
      return { met: false, value: null, detail: `the probe failed: ${reasonOf(error)}` };
    }
  }
}
