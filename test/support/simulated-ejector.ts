/** Balancers with outlier ejection in virtual time, good and bad, that keep a log of what they really did. */
import { INVENTORY } from './histories.js';
import type { Answer, Subject } from './simulated-traffic.js';

export interface EjectorOptions {
  pick: 'roundRobin' | 'random';
  /** Failures in a row that eject; Infinity never does. */
  errorsInARow: number;
  /** Ejects only when its condition was first met so long ago. */
  slowMs?: number;
  /** First ejection; each further one in a row lasts so much longer, up to 10 s. */
  baseMs: number;
  /** Ejects this many places beside the one that failed. */
  offBy?: number;
  /** Also ejects the neighbour. */
  isHasty?: boolean;
  neverReadmits?: boolean;
  /** In place of ejection: an instance that failed twice in the last 5 s is picked only this often. */
  preferRatio?: number;
  draw: () => number;
}

export interface EjectionTruth {
  instance: string;
  fromMs: number;
  toMs: number;
}

const BASE_MS_MAX = 10_000;
const SHUNNED_MS = 5_000;
const NEVER_MS = -1e9;

export class SimulatedEjector implements Subject {
  readonly truth: EjectionTruth[] = [];
  readonly #options: EjectorOptions;
  readonly #hosts = INVENTORY.map((name) => ({
    name,
    inARow: 0,
    outUntilMs: 0,
    times: 0,
    dueSinceMs: Number.POSITIVE_INFINITY,
    failedMs: NEVER_MS,
    failedBeforeMs: NEVER_MS,
  }));
  #next = 0;

  constructor(options: EjectorOptions) {
    this.#options = options;
  }

  choose(atMs: number): string | undefined {
    const { pick, draw, preferRatio } = this.#options;
    for (let tries = 0; tries < 100; tries++) {
      const host = this.#hosts[pick === 'random' ? Math.floor(draw() * this.#hosts.length) : this.#next++ % this.#hosts.length];
      if (host === undefined || host.outUntilMs > atMs) continue;
      if (preferRatio !== undefined && atMs - host.failedBeforeMs < SHUNNED_MS && draw() >= preferRatio) continue;
      return host.name;
    }
    return this.#hosts[0]?.name;
  }

  answered(callee: string, { ok, atMs }: Answer): void {
    const place = this.#hosts.findIndex((host) => host.name === callee);
    const host = this.#hosts[place];
    if (host === undefined) return;
    if (ok) {
      host.inARow = 0;
      return;
    }
    host.failedBeforeMs = host.failedMs;
    host.failedMs = atMs;
    host.inARow++;
    const { errorsInARow, slowMs = 0, offBy = 0, isHasty = false } = this.#options;
    if (host.inARow < errorsInARow || host.outUntilMs > atMs) return;
    host.dueSinceMs = Math.min(host.dueSinceMs, atMs);
    if (atMs < host.dueSinceMs + slowMs) return;
    host.inARow = 0;
    this.#eject(place + offBy, atMs);
    if (isHasty) this.#eject(place + 1, atMs);
  }

  #eject(place: number, atMs: number): void {
    const host = this.#hosts[place % this.#hosts.length];
    if (host === undefined) return;
    host.times++;
    const lastsMs = this.#options.neverReadmits ? Number.POSITIVE_INFINITY : Math.min(this.#options.baseMs * host.times, BASE_MS_MAX);
    host.outUntilMs = atMs + lastsMs;
    this.truth.push({ instance: host.name, fromMs: atMs, toMs: host.outUntilMs });
  }
}
