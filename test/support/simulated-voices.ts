/** Five hosts that are asked the same question one after the other: how often they are of two minds is known. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, INVENTORY, recordOf } from './histories.js';

export const LIES = 'a-host-lies';
export const LIAR = 'inventory-3';

export interface VoicesScene {
  seed: number;
  /** Share of questions, while the fault is on, that somebody other than the liar answers otherwise. */
  splitRatio?: number;
  /** The liar lies to everybody, while the fault is on. */
  liarLies?: boolean;
  /** Share of answers that nobody gets. */
  silentRatio?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 16_000 };
const TO_MS = 18_000;
const EVERY_MS = 100;

/** `truth.divided`: questions under the fault on which honest hosts disagreed aloud. */
export function voicesCycle(scene: VoicesScene): { record: RunRecord; truth: { divided: number } } {
  const { seed, isIdle = false, isUnfelt = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'voices' }), 'question');
  const exchanges: HistoryExchange[] = [];
  let divided = 0;
  for (let startMs = 0; startMs < TO_MS; startMs += EVERY_MS) {
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    if (isOn && isIdle) continue;
    const asked = ask(scene, { startMs, isOn: isOn && !isUnfelt, draw });
    exchanges.push(...asked);
    const said = asked.filter(({ to }) => to !== LIAR).map(({ answerTokens }) => answerTokens?.['x-decision']);
    if (isOn && new Set(said.filter((word) => word !== undefined)).size > 1) divided += 1;
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  const fault = { step: LIES, ...FAULT, instances: [LIAR], matched: felt, applied: felt };
  return { record: recordOf({ exchanges, faults: [fault], toMs: TO_MS }), truth: { divided } };
}

interface Asking {
  startMs: number;
  isOn: boolean;
  draw: () => number;
}

function ask({ splitRatio = 0, liarLies = false, silentRatio = 0 }: VoicesScene, { startMs, isOn, draw }: Asking): HistoryExchange[] {
  const truth = draw() < 0.5 ? 'attack' : 'retreat';
  const lie = truth === 'attack' ? 'retreat' : 'attack';
  const isSplit = isOn && draw() < splitRatio;
  return INVENTORY.map((to): HistoryExchange => {
    const isLie = to === LIAR ? isOn && liarLies : isSplit && to === INVENTORY[0];
    const tokens = { 'x-round': String(startMs) };
    const told = { from: 'gateway-1', to, path: '/decision', tokens, startMs: startMs + draw() };
    if (draw() < silentRatio) return { ...told, end: 'clientReset' };
    return { ...told, answerTokens: { 'x-decision': isLie ? lie : truth } };
  });
}
