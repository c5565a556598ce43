/** A gateway in virtual time whose dependency stands still: how many requests it holds on to, and what it tells the others, is its policy. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { disturbed } from './disturbance.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const STALL = 'stall';

export interface HolderPolicy {
  /** Requests that it holds at most. */
  heldMax: number;
  /** For how long it holds each; Infinity: until the dependency is back. */
  holdsMs: number;
}

export interface HolderScene {
  seed: number;
  policy: HolderPolicy;
  /** What a client waits for at most. */
  patienceMs?: number;
  /** Share of requests that the dependency still answers. */
  takesRatio?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
  /** With caches, errors, jitter and stalls in the way. */
  isDisturbed?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 20_000 };
const TO_MS = 24_000;
const EVERY_MS = 25;

export function holderCycle(scene: HolderScene): RunRecord {
  const { seed, isIdle = false, isUnfelt = false, isDisturbed = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'holder' }), 'load');
  const exchanges: HistoryExchange[] = [];
  const state: { held: number[] } = { held: [] };
  for (let i = 0; i * EVERY_MS < TO_MS; i++) {
    const startMs = i * EVERY_MS + draw();
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    if (!(isOn && isIdle)) exchanges.push(...playRequest(scene, { id: `${seed}-${i}`, startMs, isOn: isOn && !isUnfelt, draw, state }));
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges: isDisturbed ? disturbed(exchanges, seed) : exchanges,
    faults: [{ step: STALL, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt }],
    toMs: TO_MS,
  });
}

interface Play {
  id: string;
  startMs: number;
  isOn: boolean;
  draw: () => number;
  state: { held: number[] };
}

function playRequest(
  { policy, patienceMs = 30_000, takesRatio = 0 }: HolderScene,
  { id, startMs, isOn, draw, state }: Play,
): HistoryExchange[] {
  const front = { from: 'load', to: 'gateway-1', route: 'pay', token: id, startMs } as const;
  const attempt = { from: 'gateway-1', to: 'payments-1', token: id, startMs: startMs + 0.5 } as const;
  if (!isOn || draw() < takesRatio) {
    const endMs = startMs + 5 + 5 * draw();
    return [
      { ...front, endMs },
      { ...attempt, endMs: endMs - 0.5 },
    ];
  }
  state.held = state.held.filter((untilMs) => untilMs > startMs);
  if (state.held.length >= policy.heldMax) return [{ ...front, endMs: startMs + 1 + draw(), status: 503 }];
  const isHealedFirst = startMs + policy.holdsMs > FAULT.toMs;
  const untilMs = isHealedFirst ? FAULT.toMs + 50 * draw() : startMs + policy.holdsMs;
  state.held.push(untilMs);
  const held = { ...attempt, endMs: untilMs, applied: [`r/${STALL}`], ...(!isHealedFirst && { end: 'clientReset' as const }) };
  if (untilMs - startMs > patienceMs) return [{ ...front, endMs: startMs + patienceMs, end: 'timeout' }, held];
  return [{ ...front, endMs: untilMs + 1, status: isHealedFirst ? 200 : 504 }, held];
}
