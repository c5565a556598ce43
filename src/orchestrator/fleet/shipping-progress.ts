/** How observations of each agent come in: how many, when the last did, and how old it was by then. Instants are on our clock. */
import type { Observation } from '../../journal/observations.js';

export interface Progress {
  taken: number;
  heardMs: number;
  behindMs: number;
}

export class ShippingProgress {
  readonly #byAgent = new Map<string, Progress>();

  heed(agent: string, observation: Observation, nowMs: number): void {
    const taken = (this.#byAgent.get(agent)?.taken ?? 0) + 1;
    const atMs = 'endMs' in observation ? observation.endMs : observation.atMs;
    this.#byAgent.set(agent, { taken, heardMs: nowMs, behindMs: Math.max(0, nowMs - atMs) });
  }

  of(agent: string): Progress | undefined {
    return this.#byAgent.get(agent);
  }
}
