/** A service in virtual time whose error share and answer times are known, before a fault, while it is on, and after it. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { disturbed } from './disturbance.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const SERVICE_FAULT = 'cut';

export interface Conduct {
  /** Share of requests that fail, 2 ms after they came. */
  errorRatio?: number;
  /** Share of requests that nobody ever answers. */
  silentRatio?: number;
  medianMs?: number;
}

export interface ServiceCycle {
  seed: number;
  /** While the fault is on; elsewhere it fails 0.2 % and takes 10 ms. */
  conduct?: Conduct;
  /** Nobody asks while the fault is on. */
  isIdle?: boolean;
  /** The fault is on but reaches nothing. */
  isUnfelt?: boolean;
  ratePerSecond?: number;
  /** With errors, jitter and stalls in the way. */
  isDisturbed?: boolean;
}

const WELL: Required<Conduct> = { errorRatio: 0.002, silentRatio: 0, medianMs: 10 };
const TO_MS = 24_000;

/** The load calls the gateway: 8 s of baseline, 10 s of fault, 6 s after it. */
export function serviceCycle(cycle: ServiceCycle): RunRecord {
  const { seed, conduct = {}, isIdle = false, isUnfelt = false, ratePerSecond = 100, isDisturbed = false } = cycle;
  const fault = { fromMs: 8_000, toMs: 18_000 };
  const draw = drawStream(keyedDraw({ seed, faultId: 'service' }), 'load');
  const exchanges: HistoryExchange[] = [];
  for (let i = 0; (i * 1_000) / ratePerSecond < TO_MS; i++) {
    const startMs = (i * 1_000) / ratePerSecond;
    const isOn = startMs >= fault.fromMs && startMs < fault.toMs;
    if (isOn && isIdle) continue;
    exchanges.push({
      from: 'load',
      to: 'gateway-1',
      route: 'stock',
      startMs,
      ...outcome(startMs, isOn ? { ...WELL, ...conduct } : WELL, draw),
    });
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges: isDisturbed ? disturbed(exchanges, seed) : exchanges,
    faults: [{ step: SERVICE_FAULT, ...fault, instances: ['inventory-3'], matched: felt, applied: felt }],
    toMs: TO_MS,
  });
}

function outcome(startMs: number, { errorRatio, silentRatio, medianMs }: Required<Conduct>, draw: () => number): Partial<HistoryExchange> {
  if (draw() < silentRatio) return { endMs: startMs + 400, end: 'timeout' };
  if (draw() < errorRatio) return { endMs: startMs + 2, status: 503 };
  // Log-logistic: a heavy tail with the median it was given.
  const u = Math.min(0.999, Math.max(0.001, draw()));
  return { endMs: startMs + medianMs * (u / (1 - u)) ** 0.2 };
}
