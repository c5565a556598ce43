/** A gateway in virtual time whose dependency is away: what it answers then, how soon and how often, is known. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { disturbed } from './disturbance.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const AWAY = 'away';

export interface StandInPolicy {
  /** Share of requests that get one. */
  ratio: number;
  status: number;
  tookMs: number;
  /** What the others are told: the dependency's own failure, or one of the gateway's. */
  otherwise: 'leak' | 'own';
  /** Share of requests for which it does not even ask, as behind an open breaker. */
  unaskedRatio?: number;
}

export interface StandInScene {
  seed: number;
  policy: StandInPolicy;
  /** Share of attempts that fail under the fault. */
  awayRatio?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
  token?: boolean;
  /** The load knows stand-ins by a marker, which so many of them carry. */
  markedRatio?: number;
  /** With caches, errors, jitter and stalls in the way. */
  isDisturbed?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 18_000 };
const TO_MS = 20_000;
const EVERY_MS = 25;

export function standInCycle(scene: StandInScene): RunRecord {
  const { seed, isIdle = false, isUnfelt = false, isDisturbed = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'stand-in' }), 'call');
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; i * EVERY_MS < TO_MS; i++) {
    const startMs = i * EVERY_MS + draw();
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    if (!(isOn && isIdle)) exchanges.push(...playRequest(scene, { id: `${seed}-${i}`, startMs, isOn: isOn && !isUnfelt, draw }));
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges: isDisturbed ? disturbed(exchanges, seed) : exchanges,
    faults: [{ step: AWAY, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt }],
    toMs: TO_MS,
    hasStandIn: scene.markedRatio !== undefined,
  });
}

interface Play {
  id: string;
  startMs: number;
  isOn: boolean;
  draw: () => number;
}

function playRequest(
  { policy, awayRatio = 1, token = true, markedRatio = 0 }: StandInScene,
  { id, startMs, isOn, draw }: Play,
): HistoryExchange[] {
  const words = token ? { token: id } : {};
  const isHit = isOn && draw() < awayRatio;
  // Two in a thousand fail for no reason of ours.
  const isAway = isHit || draw() < 0.002;
  const tookMs = isAway ? 1 + draw() : 4 + 3 * draw();
  const hasStandIn = draw() < policy.ratio;
  const otherwise = policy.otherwise === 'leak' ? 503 : 502;
  const status = isAway ? (hasStandIn ? policy.status : otherwise) : 200;
  const endMs = startMs + 1 + tookMs + (isAway && hasStandIn ? policy.tookMs * (0.8 + 0.4 * draw()) : 0);
  const isStandIn = markedRatio > 0 && isAway && hasStandIn && draw() < markedRatio;
  const marked = isStandIn ? { isStandIn } : {};
  const front: HistoryExchange = { from: 'load', to: 'gateway-1', route: 'pay', ...words, ...marked, startMs, endMs, status };
  if (isAway && draw() < (policy.unaskedRatio ?? 0)) return [front];
  const attempt = { from: 'gateway-1', to: 'payments-1', ...words, startMs: startMs + 0.5, endMs: startMs + 0.5 + tookMs };
  return [front, { ...attempt, status: isAway ? 503 : 200, ...(isHit && { applied: [`r/${AWAY}`] }) }];
}
