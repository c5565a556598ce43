/**
 * A caller in virtual time whose patience is known: gateway-1 asks payments-1, whose answers a fault holds back or lets trickle. What it does
 * when its time is over is its policy; whether it tells the wire is known as well.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { disturbed } from './disturbance.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const HANG = 'hang';

export interface WaiterPolicy {
  /** For the whole answer, or only while no byte comes. */
  timeoutMs: number;
  kind: 'total' | 'idle';
  cancels: boolean;
  /** Tries once more after giving up. */
  attemptsMax?: number;
}

export interface WaiterScene {
  seed: number;
  policy: WaiterPolicy;
  /** Share of answers that begin at once and trickle for `answerMs`; the others come only then. */
  trickleRatio?: number;
  /** What the callee takes under the fault. */
  answerMs?: number;
  /** When the load itself gives up. */
  loadTimeoutMs?: number;
  /** Share of timeouts that do not fire. */
  leakRatio?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
  token?: boolean;
  /** With caches, errors, jitter and stalls in the way. */
  isDisturbed?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 16_000 };
const TO_MS = 20_000;
const EVERY_MS = 40;
const STALL_MS = 120;

export function waiterCycle(scene: WaiterScene): RunRecord {
  const { seed, isIdle = false, isUnfelt = false, isDisturbed = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'waiter' }), 'call');
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; i * EVERY_MS < TO_MS; i++) {
    const startMs = i * EVERY_MS + draw();
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    if (!(isOn && isIdle)) exchanges.push(...playRequest(scene, { id: `${seed}-${i}`, startMs, isHeld: isOn && !isUnfelt, draw }));
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges: isDisturbed ? disturbed(exchanges, seed) : exchanges,
    faults: [{ step: HANG, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt }],
    toMs: TO_MS,
  });
}

interface Play {
  id: string;
  startMs: number;
  isHeld: boolean;
  draw: () => number;
}

function playRequest(scene: WaiterScene, { id, startMs, isHeld, draw }: Play): HistoryExchange[] {
  const { policy, loadTimeoutMs = 60_000, token = true } = scene;
  const words = token ? { token: id, path: `/pay/${id}` } : { path: '/pay' };
  const attempts: HistoryExchange[] = [];
  let atMs = startMs + 0.5;
  let isGood = false;
  while (!isGood && attempts.length < (policy.attemptsMax ?? 1)) {
    const played = playAttempt(scene, { atMs, isHeld, draw });
    attempts.push({ from: 'gateway-1', to: 'payments-1', method: 'POST', ...words, ...played.exchange });
    isGood = played.isGood;
    atMs = played.freeMs + 0.3;
  }
  const leftMs = startMs + loadTimeoutMs;
  const front = { from: 'load', to: 'gateway-1', route: 'pay', method: 'POST', token: id, path: `/front/${id}`, startMs } as const;
  if (atMs > leftMs) return [{ ...front, endMs: leftMs, end: 'timeout' }, ...attempts];
  return [{ ...front, endMs: atMs + 0.2, status: isGood ? 200 : 504 }, ...attempts];
}

interface Played {
  exchange: Partial<HistoryExchange> & { startMs: number };
  isGood: boolean;
  /** When the caller goes on. */
  freeMs: number;
}

function playAttempt(scene: WaiterScene, { atMs, isHeld, draw }: { atMs: number; isHeld: boolean; draw: () => number }): Played {
  const { policy, trickleRatio = 0, answerMs = 3_000, leakRatio = 0 } = scene;
  const endMs = atMs + 3 + 4 * draw();
  if (!isHeld) return { exchange: { startMs: atMs, endMs, status: 200 }, isGood: true, freeMs: endMs };
  const trickles = draw() < trickleRatio;
  const responseStartMs = trickles ? atMs + 5 : atMs + answerMs;
  const neverFires = (trickles && policy.kind === 'idle') || draw() < leakRatio;
  // Now and then the machine stands still for a moment, and a timer fires late.
  const lateMs = draw() < 0.005 ? STALL_MS : 2 * draw();
  const firesMs = neverFires ? Number.POSITIVE_INFINITY : atMs + policy.timeoutMs + lateMs;
  const answeredMs = atMs + answerMs;
  const applied = [`r/${HANG}`];
  const head = firesMs > responseStartMs ? { responseStartMs, status: 200 } : {};
  if (firesMs >= answeredMs)
    return { exchange: { startMs: atMs, endMs: answeredMs, responseStartMs, applied }, isGood: true, freeMs: answeredMs };
  if (policy.cancels)
    return { exchange: { startMs: atMs, endMs: firesMs, end: 'clientReset', ...head, applied }, isGood: false, freeMs: firesMs };
  return { exchange: { startMs: atMs, endMs: answeredMs, responseStartMs, applied }, isGood: false, freeMs: firesMs };
}
