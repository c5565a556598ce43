/**
 * A front door, callers with defences and a dependency, in virtual time and with everything in the way that hides the truth on real wires: caches,
 * retries outside and inside of the defence, errors without a fault, jitter, stalls, and several callers. What crosses the wire becomes a
 * history; what the defences really did stays in their own logs.
 */
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import type { HistoryExchange } from '../../support/histories.js';
import type { Noise } from '../../support/simulated-traffic.js';
import { EventQueue } from './event-queue.js';

export type Ruling =
  /** `ticket` comes back with the answer: what the defence wants to know of the state that it was in. */
  | { kind: 'send'; to: string; ticket: number }
  | { kind: 'reject' }
  /** Asked again whenever an answer has come. */
  | { kind: 'hold' };

export interface WireAnswer {
  to: string;
  ticket: number;
  ok: boolean;
  atMs: number;
}

export interface Defence {
  /** `token` names the front-door request behind the call; a defence must not know it, but its log may. */
  ask(atMs: number, token: string): Ruling;
  answered(answer: WireAnswer): void;
}

/** Tries a failed attempt again. `inside`: the defence sees one call, however often it is tried. */
export interface Persistence {
  attemptsMax: number;
  place: 'outside' | 'inside';
  waitMs(draw: () => number): number;
}

export interface Caller {
  name: string;
  defence: Defence;
  persistence?: Persistence;
}

export interface World {
  seed: number;
  ratePerSecond: number;
  toMs: number;
  route: string;
  noise: Noise;
  callers: readonly Caller[];
  /** Share of requests that a caller answers from its cache. */
  cacheRatio: number;
  /** The dependency's answer under the fault, if it reaches this attempt. */
  harm(to: string, atMs: number, draw: () => number): { tookMs: number } | undefined;
  idle?: readonly [fromMs: number, toMs: number];
}

interface Call {
  token: string;
  startMs: number;
  caller: Caller;
  attempts: number;
}

const STALL_MS = 100;
const HOP_MS = 0.3;
const FAULT_IDS = ['r/fault'];

/** Plays it through and returns what crossed the wire. */
export function play(world: World): HistoryExchange[] {
  return new Stage(world).run();
}

class Stage {
  readonly #world: World;
  readonly #draw: () => number;
  readonly #queue = new EventQueue();
  readonly #held = new Map<Caller, Call[]>();
  readonly #exchanges: HistoryExchange[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#draw = drawStream(keyedDraw({ seed: world.seed, faultId: 'world' }), world.route);
  }

  run(): HistoryExchange[] {
    this.#plantArrivals();
    this.#queue.runAll();
    return this.#exchanges;
  }

  #plantArrivals(): void {
    const { callers, idle, noise, ratePerSecond, route, seed, toMs } = this.#world;
    const draw = this.#draw;
    const everyMs = 1_000 / ratePerSecond;
    const stalls = Array.from({ length: Math.round((noise.stallsPerMinute * toMs) / 60_000) }, () => draw() * toMs);
    for (let i = 0; i * everyMs < toMs; i++) {
      const startMs = i * everyMs;
      const caller = callers[i % callers.length];
      if (caller === undefined || (idle !== undefined && startMs >= idle[0] && startMs < idle[1])) continue;
      const call: Call = { token: `${seed}-${route}-${i}`, startMs, caller, attempts: 0 };
      const stall = stalls.find((fromMs) => startMs >= fromMs && startMs < fromMs + STALL_MS);
      const sentMs = stall === undefined ? startMs : stall + STALL_MS;
      const atMs = sentMs + HOP_MS + draw() * everyMs * noise.jitterRatio;
      if (draw() < noise.errorRatio / 2) this.#finish(call, { endMs: startMs + 2, end: 'upstreamReset', status: 502 });
      else if (draw() < this.#world.cacheRatio) this.#finish(call, { endMs: atMs + 1, status: 200 });
      else this.#queue.at(atMs, (nowMs) => this.#ask(call, nowMs));
    }
  }

  #ask(call: Call, nowMs: number): void {
    const ruling = call.caller.defence.ask(nowMs, call.token);
    if (ruling.kind === 'send') this.#send(call, ruling, nowMs);
    else if (ruling.kind === 'reject') this.#finish(call, { endMs: nowMs + 1, status: 202 });
    else this.#held.set(call.caller, [...(this.#held.get(call.caller) ?? []), call]);
  }

  #send(call: Call, { to, ticket }: { to: string; ticket: number }, nowMs: number): void {
    const { noise, harm } = this.#world;
    const draw = this.#draw;
    const startMs = nowMs + HOP_MS;
    const faulted = harm(to, startMs, draw);
    const ok = faulted === undefined && draw() >= noise.errorRatio / 2;
    const endMs = startMs + (faulted?.tookMs ?? 3 + 4 * draw());
    call.attempts += 1;
    const from = call.caller.name;
    const seen = { from, to, token: call.token, startMs, endMs, responseStartMs: endMs, status: ok ? 200 : 503 };
    this.#exchanges.push(faulted === undefined ? seen : { ...seen, applied: FAULT_IDS });
    this.#queue.at(endMs + HOP_MS, (atMs) => this.#answered(call, { to, ticket, ok, atMs }));
  }

  #answered(call: Call, answer: WireAnswer): void {
    const { defence, persistence } = call.caller;
    const isRetried = !answer.ok && persistence !== undefined && call.attempts < persistence.attemptsMax;
    if (isRetried && persistence.place === 'inside') {
      this.#queue.at(answer.atMs + persistence.waitMs(this.#draw), (nowMs) => this.#send(call, answer, nowMs));
      return;
    }
    defence.answered(answer);
    if (isRetried) this.#queue.at(answer.atMs + persistence.waitMs(this.#draw), (nowMs) => this.#ask(call, nowMs));
    else this.#finish(call, { endMs: answer.atMs + HOP_MS, status: answer.ok ? 200 : 502 });
    const held = this.#held.get(call.caller) ?? [];
    this.#held.delete(call.caller);
    for (const waiting of held) this.#ask(waiting, answer.atMs);
  }

  #finish(call: Call, outcome: Pick<HistoryExchange, 'endMs' | 'status' | 'end'>): void {
    const { token, startMs, caller } = call;
    this.#exchanges.push(Object.assign({ from: 'load', to: caller.name, route: this.#world.route, token, startMs }, outcome));
  }
}
