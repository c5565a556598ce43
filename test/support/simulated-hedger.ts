/** A caller in virtual time that asks a second time while the first attempt is slow. When, how often, and what becomes of the loser is its policy. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { disturbed } from './disturbance.js';
import { type HistoryExchange, INVENTORY, recordOf } from './histories.js';

export const SLOW_HOST = 'slow-host';

export interface HedgePolicy {
  /** Wait before the second attempt; `never`: there is none; `timeout`: it gives the first up without telling the wire. */
  kind: 'hedges' | 'never' | 'timeout';
  delayMs: number;
  /** Of the delay, either way. */
  spread?: number;
  cancels: boolean;
  /** Share of slow calls that it hedges. */
  ratio?: number;
}

export interface HedgerScene {
  seed: number;
  policy: HedgePolicy;
  method?: string;
  /** Share of calls that the fault makes slow. */
  slowRatio?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
  /** With caches, errors, jitter and stalls in the way. */
  isDisturbed?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 18_000 };
const TO_MS = 20_000;
const EVERY_MS = 25;
const SLOW_MS = 400;

export function hedgerCycle(scene: HedgerScene): RunRecord {
  const { seed, isIdle = false, isUnfelt = false, isDisturbed = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'hedger' }), 'call');
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; i * EVERY_MS < TO_MS; i++) {
    const startMs = i * EVERY_MS + draw();
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    if (!(isOn && isIdle)) exchanges.push(...playCall(scene, { id: `${seed}-${i}`, startMs, isOn: isOn && !isUnfelt, draw }));
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges: isDisturbed ? disturbed(exchanges, seed) : exchanges,
    faults: [{ step: SLOW_HOST, ...FAULT, instances: ['inventory-3'], matched: felt, applied: felt }],
    toMs: TO_MS,
  });
}

interface Play {
  id: string;
  startMs: number;
  isOn: boolean;
  draw: () => number;
}

function playCall({ policy, method = 'GET', slowRatio = 0.3 }: HedgerScene, { id, startMs, isOn, draw }: Play): HistoryExchange[] {
  const front = { from: 'load', to: 'gateway-1', route: 'stock', method, token: id, path: `/stock/${id}`, startMs } as const;
  const attempt = { from: 'gateway-1', method, token: id, path: `/stock/${id}` } as const;
  const firstMs = startMs + 0.5;
  const isSlow = isOn && draw() < slowRatio;
  // One in a hundred is slow for no reason of ours.
  const tookMs = isSlow ? SLOW_MS * (0.9 + 0.2 * draw()) : 3 + 4 * draw() + (draw() < 0.01 ? 30 : 0);
  const applied = isSlow ? { applied: [`r/${SLOW_HOST}`] } : {};
  const first = { ...attempt, ...applied, to: INVENTORY[2], startMs: firstMs, endMs: firstMs + tookMs };
  const secondMs = firstMs + policy.delayMs * (1 + (policy.spread ?? 0) * (2 * draw() - 1));
  const isHedged = policy.kind !== 'never' && first.endMs > secondMs && draw() < (policy.ratio ?? 1);
  if (!isHedged) return [{ ...front, endMs: first.endMs + 0.3 }, first];
  // A second slow answer now and then, so that the first one wins as well.
  const isSlowToo = draw() < 0.3;
  const second = { ...attempt, to: INVENTORY[3], startMs: secondMs, endMs: secondMs + (isSlowToo ? SLOW_MS : 5) };
  const [winner, loser] = first.endMs < second.endMs && policy.kind === 'hedges' ? [first, second] : [second, first];
  const cut = policy.cancels && loser.endMs > winner.endMs ? { endMs: winner.endMs + 1, end: 'clientReset' as const } : {};
  return [
    { ...front, endMs: winner.endMs + 0.3 },
    { ...first, ...(loser === first && cut) },
    { ...second, ...(loser === second && cut) },
  ];
}
