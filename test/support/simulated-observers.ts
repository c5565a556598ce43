/** Two callers, three instances, two routes, and health checks that tell the truth, or do not. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, INVENTORY, recordOf } from './histories.js';

export const GRAY_STEP = 'goes-gray';
export const GRAY_HOST = 'inventory-3';
const CALLERS = ['gateway-1', 'gateway-2'] as const;
const HOSTS = INVENTORY.slice(0, 3);
const ROUTES = ['/stock', '/price'] as const;
const FAULT = { fromMs: 3_000, toMs: 9_000 };

export interface ObserverCycle {
  seed: number;
  /** `shallow`: they stay good; `deep`: they fail from a second after the fault began on; `none`: there are none. */
  checks: 'shallow' | 'deep' | 'none';
  /** Share of the requests that the fault fails. */
  badRatio?: number;
  /** Only this caller, or this route, is hit. */
  only?: (typeof CALLERS)[number] | (typeof ROUTES)[number];
  /** From so long after the fault began on nobody uses the host. */
  leftAfterMs?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
}

/** 100 requests a second in turn, 1 % of which fail anyway; a health check of each host by each caller every 250 ms. */
export function observerCycle({ seed, checks, badRatio = 0.8, only, leftAfterMs = 1e9, isIdle, isUnfelt }: ObserverCycle): RunRecord {
  const draw = drawStream(keyedDraw({ seed, faultId: 'observers' }), 'all');
  const isOn = (ms: number): boolean => ms >= FAULT.fromMs && ms < FAULT.toMs;
  const requests = Array.from({ length: 1_000 }, (_, i): HistoryExchange => {
    const startMs = i * 10 + 2 * draw();
    const to = HOSTS[Math.floor(i / 4) % HOSTS.length] ?? '';
    const from = CALLERS[i % 2] ?? '';
    const path = ROUTES[Math.floor(i / 2) % 2] ?? '';
    const isHit = !isUnfelt && isOn(startMs) && to === GRAY_HOST && (only === undefined || only === from || only === path);
    const applied = isHit && draw() < badRatio ? { status: 503, applied: [`r/${GRAY_STEP}`] } : undefined;
    return { from, to, path, startMs, ...(draw() < 0.01 && { status: 503 }), ...applied };
  }).filter(
    ({ to, startMs }) => !(isIdle && isOn(startMs)) && !(to === GRAY_HOST && isOn(startMs) && startMs > FAULT.fromMs + leftAfterMs),
  );
  const asked = checks === 'none' ? [] : Array.from({ length: 240 }, (_, i) => i);
  const health = asked.map((i): HistoryExchange => {
    const startMs = Math.floor(i / 6) * 250 + (i % 6);
    const to = HOSTS[i % 3] ?? '';
    const isTold = checks === 'deep' && to === GRAY_HOST && isOn(startMs) && startMs >= FAULT.fromMs + 1_000;
    return { from: CALLERS[i % 2] ?? '', to, path: '/health', startMs, ...(isTold && { status: 503 }) };
  });
  const felt = isIdle || isUnfelt ? 0 : 100;
  const fault = { step: GRAY_STEP, ...FAULT, instances: [GRAY_HOST], matched: felt, applied: felt };
  return recordOf({ exchanges: [...requests, ...health], faults: [fault], gateways: CALLERS, baseline: [0, 2_500] });
}
