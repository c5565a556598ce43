/** A service that loses its leader: who takes over, when, and whether it lasts. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, recordOf, times } from './histories.js';

export const LEADER_LOST = 'leader-lost';
const FAULT = { fromMs: 4_000, toMs: 12_000 };

export interface FailoverCycle {
  seed: number;
  /** From so long after the fault began on requests succeed again. */
  tookOverMs: number;
  /** From then on it is lost once more, for 1.5 s. */
  lostAgainMs?: number;
  /** Share of the requests that fail while nobody has taken over. */
  lostRatio?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
}

/** The load asks 60 times a second; 1 % fails anyway. */
export function failoverCycle({ seed, tookOverMs, lostAgainMs = 1e9, lostRatio = 1, isIdle, isUnfelt }: FailoverCycle): RunRecord {
  const draw = drawStream(keyedDraw({ seed, faultId: 'failover' }), 'load');
  const isLost = (sinceMs: number): boolean => sinceMs < tookOverMs || (sinceMs >= lostAgainMs && sinceMs < lostAgainMs + 1_500);
  const exchanges = times({ fromMs: 0, toMs: 14_000, everyMs: 1_000 / 60 }).flatMap((meantMs): HistoryExchange[] => {
    const startMs = meantMs + 3 * draw();
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    const fails = draw() < (isOn && !isUnfelt && isLost(startMs - FAULT.fromMs) ? lostRatio : 0.01);
    return isIdle && isOn ? [] : [{ from: 'load', to: 'gateway-1', route: 'stock', startMs, ...(fails && { status: 503 }) }];
  });
  const felt = isIdle || isUnfelt ? 0 : 100;
  const fault = { step: LEADER_LOST, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt };
  return recordOf({ exchanges, faults: [fault], baseline: [0, 4_000], toMs: 14_000 });
}
