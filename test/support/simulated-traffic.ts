/**
 * Traffic in virtual time: an open-loop load with jitter and stalls, and answers that come back in order of time. A simulated defence plugs
 * in and keeps its own log, which is the truth that inference is held against.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { HistoryExchange } from './histories.js';

export interface Noise {
  /** Share of requests that fail for no reason of ours: half before the gateway, half at the callee. */
  errorRatio: number;
  /** Spread of every hop, as a share of the time between requests. */
  jitterRatio: number;
  /** Pauses of 100 ms in which everything piles up, per minute. */
  stallsPerMinute: number;
}
export const QUIET: Noise = { errorRatio: 0, jitterRatio: 0, stallsPerMinute: 0 };
export const NOISY: Noise = { errorRatio: 0.01, jitterRatio: 0.2, stallsPerMinute: 12 };

export interface Arrival {
  token: string;
  /** When the load meant to send it. */
  startMs: number;
  /** When it reaches the gateway; Infinity if it never does. */
  atMs: number;
}

export interface Answer {
  ok: boolean;
  atMs: number;
}

/** What a simulated defence decides for one request: which callee it goes to, or none. */
export interface Subject {
  choose(atMs: number): string | undefined;
  answered(callee: string, answer: Answer): void;
}

export interface Traffic {
  seed: number;
  ratePerSecond: number;
  toMs: number;
  noise: Noise;
  route: string;
  subject: Subject;
  /** The callee's answer under the fault, if it reaches this one; undefined: it works. */
  fault: (callee: string, atMs: number, draw: () => number) => { tookMs: number } | undefined;
  /** Leaves the load's own requests out, where only the wire is judged. */
  isWireOnly?: boolean;
  /** Times without demand. */
  idle?: readonly [fromMs: number, toMs: number];
}

const STALL_MS = 100;
const FAULT_IDS = ['r/fault'];

/** Plays the load against the subject and returns what crossed the wire. */
export function simulate(traffic: Traffic): HistoryExchange[] {
  const draw = drawStream(keyedDraw({ seed: traffic.seed, faultId: 'simulation' }), traffic.route);
  const exchanges: HistoryExchange[] = [];
  const pending: { callee: string; answer: Answer }[] = [];
  const seenAtTheDoor = ({ startMs, token }: Arrival, outcome: Pick<HistoryExchange, 'endMs' | 'status' | 'end'>): void => {
    if (traffic.isWireOnly) return;
    exchanges.push(Object.assign({ from: 'load', to: 'gateway-1', route: traffic.route, token, startMs }, outcome));
  };
  const deliver = (untilMs: number): void => {
    if (pending.length > 1) pending.sort((a, b) => a.answer.atMs - b.answer.atMs);
    while (pending[0] !== undefined && pending[0].answer.atMs <= untilMs) {
      const next = pending.shift();
      if (next) traffic.subject.answered(next.callee, next.answer);
    }
  };
  for (const arrival of arrivals(traffic, draw)) {
    if (!Number.isFinite(arrival.atMs)) {
      seenAtTheDoor(arrival, { endMs: arrival.startMs + 2, end: 'upstreamReset', status: 502 });
      continue;
    }
    deliver(arrival.atMs);
    const callee = traffic.subject.choose(arrival.atMs);
    if (callee === undefined) {
      seenAtTheDoor(arrival, { endMs: arrival.atMs + 1, status: 202 });
      continue;
    }
    const wireMs = arrival.atMs + 0.3;
    const faulted = traffic.fault(callee, wireMs, draw);
    const isBad = faulted !== undefined || draw() < traffic.noise.errorRatio / 2;
    const endMs = wireMs + (faulted?.tookMs ?? 3 + 4 * draw());
    pending.push({ callee, answer: { ok: !isBad, atMs: endMs + 0.2 } });
    const status = isBad ? 503 : 200;
    const attempt: HistoryExchange = {
      from: 'gateway-1',
      to: callee,
      token: arrival.token,
      startMs: wireMs,
      endMs,
      responseStartMs: endMs,
      status,
    };
    if (faulted !== undefined) attempt.applied = FAULT_IDS;
    exchanges.push(attempt);
    seenAtTheDoor(arrival, { endMs: endMs + 0.5, status: isBad ? 502 : 200 });
  }
  return exchanges;
}

function arrivals({ seed, ratePerSecond, toMs, noise, idle, route }: Traffic, draw: () => number): Arrival[] {
  const everyMs = 1_000 / ratePerSecond;
  const stalls = Array.from({ length: Math.round((noise.stallsPerMinute * toMs) / 60_000) }, () => draw() * toMs);
  const list: Arrival[] = [];
  for (let i = 0; i * everyMs < toMs; i++) {
    const startMs = i * everyMs;
    if (idle !== undefined && startMs >= idle[0] && startMs < idle[1]) continue;
    const lost = draw() < noise.errorRatio / 2;
    const stall = stalls.find((fromMs) => startMs >= fromMs && startMs < fromMs + STALL_MS);
    const sentMs = stall === undefined ? startMs : stall + STALL_MS;
    const atMs = lost ? Number.POSITIVE_INFINITY : sentMs + 0.3 + draw() * everyMs * noise.jitterRatio;
    list.push({ token: `${seed}-${route}-${i}`, startMs, atMs });
  }
  return list.sort((a, b) => a.atMs - b.atMs);
}
