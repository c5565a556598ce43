/**
 * Replicated registers in virtual time, in the place of the shop's inventory: a write goes to one replica and then to the others, a read to any. What goes wrong in between
 * is the replicas' policy, and known.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, INVENTORY, recordOf } from './histories.js';

export const STALE_STEP = 'replica-falls-behind';

export interface RegistersScene {
  seed: number;
  /** `one`: all replicas are one copy. `skewed`: writes through the second lose against those of the last 700 ms. `behind`: the third knows nothing new. */
  replicas: 'one' | 'skewed' | 'behind';
  isIdle?: boolean;
  isUnfelt?: boolean;
}

const TO_MS = 20_000;
const FAULT = { fromMs: 9_000, toMs: 16_000 };
const EVERY_MS = 40;
const KEYS = 3;
const SKEW_MS = 700;

/** What all replicas agree on, and what the one that falls behind still knows. */
interface Kept {
  values: Map<string, { value: string; stampMs: number }>;
  frozen: Map<string, string>;
}

interface Asked {
  key: string;
  /** 0…2 */
  replica: number;
  startMs: number;
  isOn: boolean;
}

export function registersCycle({ seed, replicas, isIdle = false, isUnfelt = false }: RegistersScene): RunRecord {
  const draw = drawStream(keyedDraw({ seed, faultId: 'registers' }), 'draw');
  const kept: Kept = { values: new Map(), frozen: new Map() };
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; i * EVERY_MS < (isIdle ? 300 : TO_MS); i++) {
    const startMs = i * EVERY_MS + 10 * draw();
    const isOn = !isUnfelt && startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    const asked = { key: `k${seed}-${i % KEYS}`, replica: Math.floor(3 * draw()), startMs, isOn };
    const told = draw() < 0.5 ? write(kept, asked, { value: `v${i}`, replicas, isLost: draw() < 0.02 }) : read(kept, asked, replicas);
    const path = `/registers/${asked.key}?n=${i}`;
    exchanges.push({ from: 'gateway-1', to: INVENTORY[asked.replica] ?? '', path, startMs, endMs: startMs + 1 + 3 * draw(), ...told });
  }
  const felt = isUnfelt ? 0 : 100;
  const fault = { step: STALE_STEP, ...FAULT, instances: ['inventory-3'], matched: felt, applied: felt };
  return recordOf({ exchanges, faults: [fault], toMs: TO_MS + 100 });
}

function write(
  { values, frozen }: Kept,
  { key, replica, startMs, isOn }: Asked,
  given: { value: string; replicas: string; isLost: boolean },
) {
  const { value, replicas, isLost } = given;
  const stampMs = startMs - (replicas === 'skewed' && isOn && replica === 1 ? SKEW_MS : 0);
  const known = values.get(key);
  if (known === undefined || stampMs >= known.stampMs) values.set(key, { value, stampMs });
  if (!isOn) frozen.set(key, values.get(key)?.value ?? '');
  const asked = { method: 'PUT', tokens: { 'x-value': value, 'x-other': '1' } };
  return isLost ? { ...asked, end: 'timeout' as const, endMs: startMs + 100 } : asked;
}

function read({ values, frozen }: Kept, { key, replica, isOn }: Asked, replicas: string) {
  const value = replicas === 'behind' && isOn && replica === 2 ? frozen.get(key) : values.get(key)?.value;
  return { method: 'GET', ...(value === undefined ? { status: 404 } : { answerTokens: { 'x-value': value } }) };
}
