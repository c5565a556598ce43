/**
 * Carries observations from the data plane into the journal for as long as a run lasts, and tells the run when a fault began or ended. A gap in
 * the stream is written down as such; a daemon that no longer answers ends the pump with an error.
 */

import { type FaultChange, isFaultEnd, type Observation } from '../journal/observations.js';
import type { Driver } from './drivers/driver.js';

const WAIT_MS = 1_000;

export type GateWord = Extract<Observation, { kind: 'gate' }>;

export interface PumpPorts {
  driver: Driver;
  onObservation(observation: Observation): void;
  onLost(count: number): void;
  onFailure(error: unknown): void;
}

export class ObservationPump implements AsyncDisposable {
  readonly #ports: PumpPorts;
  readonly #stop = new AbortController();
  readonly #faultWaits = new Map<string, (change: FaultChange) => void>();
  readonly #gateWaits = new Map<string, (word: GateWord) => void>();
  #after: number;
  #loop: Promise<void> = Promise.resolve();

  /** Begins after the observation of that number. */
  constructor(ports: PumpPorts, after: number) {
    this.#ports = ports;
    this.#after = after;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Called with the change when the fault has ended, whoever ended it. */
  onFaultEnded(fault: string, listener: (change: FaultChange) => void): void {
    this.#faultWaits.set(fault, listener);
  }

  /** Called with the answer when somebody has answered a gate of the run by the data plane's API. */
  onGateAnswered(gate: string, listener: (word: GateWord) => void): void {
    this.#gateWaits.set(gate, listener);
  }

  /** What was observed elsewhere goes the same way. */
  tell(observation: Observation): void {
    this.#ports.onObservation(observation);
    if (observation.kind === 'gate') this.#gateWaits.get(observation.gate)?.(observation);
    if (observation.kind === 'fault' && isFaultEnd(observation.change)) this.#faultWaits.get(observation.fault)?.(observation);
  }

  /** Reads what is still there, then stops. */
  async drain(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    for (let more = true; more; ) {
      const before = this.#after;
      await this.#read({ waitMs: 0, signal: AbortSignal.timeout(WAIT_MS * 5) }).catch(() => {});
      more = this.#after > before;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#read({ waitMs: WAIT_MS, signal: this.#stop.signal });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#ports.onFailure(error);
        return;
      }
    }
  }

  async #read({ waitMs, signal }: { waitMs: number; signal: AbortSignal }): Promise<void> {
    const page = await this.#ports.driver.observations({ after: this.#after, waitMs, signal });
    this.#after = page.next;
    if (page.lost > 0) this.#ports.onLost(page.lost);
    for (const observation of page.observations) this.tell(observation);
  }
}
