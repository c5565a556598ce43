/** A fault at one severity after another in virtual time, before a defence whose threshold is known. */
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryFault, recordOf } from './histories.js';
import { type BreakerOptions, SimulatedBreaker } from './simulated-breaker.js';
import { BAD_HOST, type CycleOptions, drawFor } from './simulated-cycles.js';
import { type EjectorOptions, SimulatedEjector } from './simulated-ejector.js';
import { NOISY, type Subject, simulate } from './simulated-traffic.js';

const BASELINE_MS = 8_000;
const LEVEL_MS = 8_000;
const REST_MS = 12_000;

export const SWEEP = 'sweep';

interface SweepOptions extends CycleOptions {
  /** Per cent of the requests that fail, level by level. */
  percentages: readonly number[];
  /** In place of the usual 8 s, and 12 s. */
  levelMs?: number;
  restMs?: number;
}

function sweep(subject: Subject, target: string, options: SweepOptions & { ratePerSecond: number; route: string }): RunRecord {
  const {
    seed,
    noise = NOISY,
    percentages,
    isIdle = false,
    isUnfelt = false,
    ratePerSecond,
    route,
    levelMs = LEVEL_MS,
    restMs = REST_MS,
  } = options;
  const felt = isIdle || isUnfelt ? 0 : 100;
  const levels = percentages.map((percentage, i): HistoryFault & { toMs: number; percentage: number } => {
    const fromMs = BASELINE_MS + ((seed * 37) % 997) + i * (levelMs + restMs);
    const severity = { of: 'percentage', value: percentage, text: `${percentage} %` };
    return {
      step: `${SWEEP}.${percentage}`,
      fromMs,
      toMs: fromMs + levelMs,
      instances: [target],
      severity,
      percentage,
      matched: felt,
      applied: felt,
    };
  });
  const endMs = (levels.at(-1)?.toMs ?? BASELINE_MS) + restMs;
  const exchanges = simulate({
    seed,
    ratePerSecond,
    toMs: endMs,
    noise,
    route,
    subject,
    fault: (callee, atMs, draw) => {
      const on = levels.find(({ fromMs, toMs }) => callee === target && atMs >= fromMs && atMs < toMs);
      return !isUnfelt && on !== undefined && draw() < on.percentage / 100 ? { tookMs: 1 + 2 * draw() } : undefined;
    },
    ...(isIdle && { idle: [BASELINE_MS, endMs] as const }),
  });
  return recordOf({ exchanges, faults: levels });
}

export function breakerSweep(options: Omit<BreakerOptions, 'draw'>, of: SweepOptions): RunRecord {
  return sweep(new SimulatedBreaker({ ...options, draw: drawFor(of.seed) }), 'payments-1', { ...of, ratePerSecond: 50, route: 'pay' });
}

export function ejectorSweep(options: Omit<EjectorOptions, 'draw'>, of: SweepOptions): RunRecord {
  return sweep(new SimulatedEjector({ ...options, draw: drawFor(of.seed) }), BAD_HOST, { ...of, ratePerSecond: 100, route: 'stock' });
}

export const STEPS = (percentages: readonly number[]): string[] => percentages.map((percentage) => `${SWEEP}.${percentage}`);
