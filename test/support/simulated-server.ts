/**
 * A gateway in virtual time with a known capacity and one queue: what it does with more than it can do is its policy. The load rises in steps,
 * or a fault takes capacity away; both are known.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { disturbed } from './disturbance.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const OVERLOAD = 'overload';

/** Of `loadShedding`: what a server with a short queue keeps. */
export const SHEDDING_PROMISE = {
  to: 'gateway',
  during: OVERLOAD,
  slo: '500ms',
  goodputKept: 85,
  acceptedP95: '600ms',
  rejectsWithin: '50ms',
  fairness: { max: 10 },
  notSentTo: 'payments',
};

export interface ServerPolicy {
  /** Requests waiting at most; whoever comes then is turned away. Infinity: everybody waits. */
  queueMax: number;
  /** Service times grow by this part for every hundred that wait: a server that chokes on its own queue. */
  chokes?: number;
  /** How long it takes to say no. */
  rejectMs?: number;
  /** Turns only this route away. */
  unfairTo?: string;
  /** Asks the dependency before it turns away. */
  asksFirst?: boolean;
}

export interface ServerScene {
  seed: number;
  policy: ServerPolicy;
  /** Requests a second while the fault is on, from the first second to the last. */
  ramp?: readonly [from: number, to: number];
  /** What a client waits for at most. */
  patienceMs?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
  /** With caches, errors, jitter and stalls in the way. */
  isDisturbed?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 28_000 };
const TO_MS = 30_000;
const CAPACITY_PER_SECOND = 60;
const CALM_PER_SECOND = 30;

interface State {
  /** When the server is done with what it has accepted. */
  freeMs: number;
  waiting: number[];
}

export function serverCycle(scene: ServerScene): RunRecord {
  const { seed, isIdle = false, isUnfelt = false, isDisturbed = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'server' }), 'load');
  const exchanges: HistoryExchange[] = [];
  const state: State = { freeMs: 0, waiting: [] };
  let atMs = 0;
  for (let i = 0; atMs < TO_MS; i++) {
    const isOn = atMs >= FAULT.fromMs && atMs < FAULT.toMs;
    if (!(isOn && isIdle)) exchanges.push(...playRequest(scene, { id: `${seed}-${i}`, startMs: atMs, draw, state }));
    atMs += 1_000 / (rateAt(scene, atMs) * (0.9 + 0.2 * draw()));
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges: isDisturbed ? disturbed(exchanges, seed) : exchanges,
    faults: [{ step: OVERLOAD, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt }],
    toMs: TO_MS,
  });
}

function rateAt({ ramp = [30, 180], isUnfelt = false }: ServerScene, atMs: number): number {
  if (isUnfelt || atMs < FAULT.fromMs || atMs >= FAULT.toMs) return CALM_PER_SECOND;
  const [from, to] = ramp;
  return from + ((to - from) * (atMs - FAULT.fromMs)) / (FAULT.toMs - FAULT.fromMs);
}

interface Play {
  id: string;
  startMs: number;
  draw: () => number;
  state: State;
}

function playRequest({ policy, patienceMs = 5_000 }: ServerScene, { id, startMs, draw, state }: Play): HistoryExchange[] {
  const route = draw() < 0.5 ? 'stock' : 'pay';
  const front = { from: 'load', to: 'gateway-1', route, token: id, startMs } as const;
  const attempt = (fromMs: number): HistoryExchange => ({
    from: 'gateway-1',
    to: 'payments-1',
    token: id,
    startMs: fromMs,
    endMs: fromMs + 2,
  });
  while ((state.waiting[0] ?? Infinity) <= startMs) state.waiting.shift();
  const waiting = state.waiting.length;
  const isFull = waiting >= policy.queueMax;
  const isTurnedAway = policy.unfairTo === undefined ? isFull : waiting >= policy.queueMax / 2 && (route === policy.unfairTo || isFull);
  if (isTurnedAway) {
    const tookMs = (policy.rejectMs ?? 2) * (0.8 + 0.4 * draw());
    return [{ ...front, endMs: startMs + tookMs, status: 503 }, ...(policy.asksFirst ? [attempt(startMs + 0.5)] : [])];
  }
  const serviceMs = (1_000 / CAPACITY_PER_SECOND) * (0.8 + 0.4 * draw()) * (1 + ((policy.chokes ?? 0) * waiting) / 100);
  const beginMs = Math.max(startMs + 0.5, state.freeMs);
  const doneMs = beginMs + serviceMs;
  state.freeMs = doneMs;
  state.waiting.push(doneMs);
  const isLate = doneMs > startMs + patienceMs;
  const outcome = isLate ? { endMs: startMs + patienceMs, end: 'timeout' as const } : { endMs: doneMs, status: draw() < 0.005 ? 500 : 200 };
  return [{ ...front, ...outcome }, attempt(beginMs)];
}
