/** Instances that answer their caller steadily, and one that stands still while a fault is on. */
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, INVENTORY, recordOf } from './histories.js';

export const STILL_STEP = 'one-stands-still';
export const STILL = 'inventory-3';
export const STILL_FROM_MS = 12_000;

export interface HeardCycle {
  /** How long it stands still. */
  forMs?: number;
  /** Another that is silent for two seconds, without a fault. */
  silent?: string;
  /** Requests a second to each instance. */
  ratePerSecond?: number;
}

export function heardCycle({ forMs = 8_000, silent, ratePerSecond = 10 }: HeardCycle = {}): RunRecord {
  const fault = {
    step: STILL_STEP,
    fromMs: STILL_FROM_MS,
    toMs: STILL_FROM_MS + forMs,
    instances: [STILL],
    matched: 1,
    applied: 1,
    isOnProcesses: true,
  };
  const everyMs = 1_000 / ratePerSecond;
  const count = Math.floor(30_000 / everyMs);
  const isAway = (to: string, atMs: number): boolean =>
    (to === STILL && atMs >= fault.fromMs && atMs < fault.toMs) || (to === silent && atMs >= 25_000 && atMs < 27_000);
  const exchanges = INVENTORY.flatMap((to, at) =>
    Array.from({ length: count }, (_, i): HistoryExchange => {
      const startMs = i * everyMs + at;
      return isAway(to, startMs)
        ? { from: 'gateway-1', to, startMs, endMs: startMs + 1_000, end: 'clientClosed' }
        : { from: 'gateway-1', to, startMs };
    }),
  );
  return recordOf({ exchanges, faults: [fault], toMs: 31_000 });
}
