/**
 * Asks a plan's probes: once at the start and at the end, or again and again while the run goes on. Every answer goes into the
 * journal; whether a row of bad ones matters is decided by the pure functions below.
 */
import { type Clock, every, sleep, type Timer } from '../core/clock.js';
import { reasonOf } from '../core/errors.js';
import type { PlannedProbe } from '../experiment/plan.js';
import type { NewEvent, PhaseName } from '../journal/events.js';
import { probes as catalog } from './probes/catalog.js';
import type { ProbeOutcome, ProbePorts } from './probes/probe.js';

/** How a probe has been doing. */
export interface Streak {
  /** Answers in a row that were not met. */
  failures: number;
  /** When the row of failures began; undefined while it is met. */
  failingSinceMs: number | undefined;
}

/** The streak after one more answer. An answer that cannot be judged changes nothing. */
export function nextStreak(streak: Streak, { met, atMs }: { met: boolean | null; atMs: number }): Streak {
  if (met === null) return streak;
  if (met) return { failures: 0, failingSinceMs: undefined };
  return { failures: streak.failures + 1, failingSinceMs: streak.failingSinceMs ?? atMs };
}

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
  readonly #stop = new AbortController();

  constructor(ports: ProbeRunnerPorts, probes: readonly PlannedProbe[]) {
    this.#ports = ports;
    this.#probes = probes;
  }

  streak(probe: string): Streak {
    return this.#streaks.get(probe) ?? { failures: 0, failingSinceMs: undefined };
  }

  /** Asks the probes of these modes every `intervalMs` until disposed. A slow answer delays the next question; they never overlap. */
  watch(modes: readonly PlannedProbe['mode'][]): void {
    for (const probe of this.#probes.filter((p) => modes.includes(p.mode))) {
      let busy = false;
      this.#timers.push(
        every(this.#ports.clock, probe.intervalMs, () => {
          if (busy) return;
          busy = true;
          void this.#ask(probe, this.#stop.signal).finally(() => {
            busy = false;
          });
        }),
      );
    }
  }

  /** Asks the probes of these modes now, each up to `failureThreshold` times. True when all are met; unanswered at the end is not met. */
  async gate(modes: readonly PlannedProbe['mode'][], signal: AbortSignal): Promise<boolean> {
    const results = await Promise.all(this.#probes.filter((p) => modes.includes(p.mode)).map((probe) => this.#askUntilMet(probe, signal)));
    return results.every(Boolean);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const timer of this.#timers) timer.cancel();
  }

  async #askUntilMet(probe: PlannedProbe, signal: AbortSignal): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const { met } = await this.#ask(probe, signal);
      if (met === true) return true;
      if (attempt >= probe.failureThreshold) return false;
      await sleep(this.#ports.clock, probe.intervalMs, signal);
    }
  }

  async #ask(probe: PlannedProbe, signal: AbortSignal): Promise<ProbeOutcome> {
    const { clock, probing, note, phase } = this.#ports;
    const outcome = await this.#outcome(probe, AbortSignal.any([signal, AbortSignal.timeout(probe.timeoutMs)]), probing);
    if (this.#stop.signal.aborted || signal.aborted) return outcome;
    this.#streaks.set(probe.name, nextStreak(this.streak(probe.name), { met: outcome.met, atMs: clock.nowMs() }));
    note({ type: 'probeResult', probe: probe.name, phase: phase(), ...outcome });
    return outcome;
  }

  async #outcome(probe: PlannedProbe, signal: AbortSignal, probing: ProbePorts): Promise<ProbeOutcome> {
    const definition = catalog.get(probe.type);
    if (definition === undefined) throw new Error(`the plan names a probe type that is not in the catalog: ${probe.type}`);
    try {
      return await definition.run(probe.params, probing, signal);
    } catch (error) {
      return { met: false, value: null, detail: `the probe failed: ${reasonOf(error)}` };
    }
  }
}
