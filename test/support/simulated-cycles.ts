/** One cycle of fault, defence and verdict in virtual time: what the checks see, next to what the simulated defence really did. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { INVENTORY, recordOf } from './histories.js';
import { type BreakerOptions, SimulatedBreaker } from './simulated-breaker.js';
import { type EjectorOptions, SimulatedEjector } from './simulated-ejector.js';
import { NOISY, type Noise, type Subject, simulate } from './simulated-traffic.js';

export const PAYMENTS_DOWN = 'payments-down';
export const HOST_GOES_GRAY = 'host-goes-gray';
export const BAD_HOST = 'inventory-3';

export interface CycleOptions {
  seed: number;
  noise?: Noise;
  /** Nobody asks while the fault is on. */
  isIdle?: boolean;
  /** The fault is on but reaches nothing. */
  isUnfelt?: boolean;
}

/** The seeds of a test, from `SEED` of the environment on. */
export function seeds(count: number): number[] {
  const first = Number(process.env['SEED'] ?? 1);
  console.info(`seeds ${first}…${first + count - 1}; another first one with SEED=n`);
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Of the cycles that a cell is held against: a quarter in `npm test`, about fifty of each kind; all of them with CYCLES=all, which takes minutes. */
export function cellSeeds(count: number): number[] {
  return seeds(process.env['CYCLES'] === 'all' ? count : Math.ceil(count / 4));
}

export function drawFor(seed: number): () => number {
  return drawStream(keyedDraw({ seed, faultId: 'subject' }), 'draw');
}

/** The instant of the fault moves with the seed, against the load and against the defence's own timers. */
function faultWindow(seed: number, lengthMs: number): { fromMs: number; toMs: number } {
  const fromMs = 8_000 + ((seed * 37) % 997);
  return { fromMs, toMs: fromMs + lengthMs };
}

export interface Cycle<S> {
  subject: S;
  record: RunRecord;
  fault: { fromMs: number; toMs: number };
}

/** Payments fail for 10 s and come back; 50 requests a second need them. */
export function breakerCycle<S extends Subject>(subject: S, options: CycleOptions): Cycle<S> {
  const { seed, noise = NOISY, isIdle = false, isUnfelt = false } = options;
  const fault = faultWindow(seed, 10_000);
  const exchanges = simulate({
    seed,
    ratePerSecond: 50,
    toMs: 27_000,
    noise,
    route: 'pay',
    subject,
    fault: (_callee, atMs, draw) => (!isUnfelt && atMs >= fault.fromMs && atMs < fault.toMs ? { tookMs: 1 + 2 * draw() } : undefined),
    ...(isIdle && { idle: [fault.fromMs - 100, fault.toMs + 100] as const }),
  });
  const felt = isIdle || isUnfelt ? 0 : 100;
  return {
    subject,
    fault,
    record: recordOf({ exchanges, faults: [{ step: PAYMENTS_DOWN, ...fault, instances: ['payments-1'], matched: felt, applied: felt }] }),
  };
}

export function breaker(options: Omit<BreakerOptions, 'draw'>, cycle: CycleOptions): Cycle<SimulatedBreaker> {
  return breakerCycle(new SimulatedBreaker({ ...options, draw: drawFor(cycle.seed) }), cycle);
}

/** One of five hosts fails part of its requests for 10 s; `hangs` makes the failures take 400 ms, as a cut link does. */
export function ejector(
  options: Omit<EjectorOptions, 'draw'>,
  {
    seed,
    noise = NOISY,
    isIdle = false,
    isUnfelt = false,
    badRatio = 0.5,
    hangs = false,
  }: CycleOptions & { badRatio?: number; hangs?: boolean },
): Cycle<SimulatedEjector> {
  const fault = faultWindow(seed, 10_000);
  const subject = new SimulatedEjector({ ...options, draw: drawFor(seed) });
  const exchanges = simulate({
    seed,
    ratePerSecond: 100,
    toMs: 34_500,
    noise,
    route: 'stock',
    isWireOnly: true,
    subject,
    fault: (callee, atMs, draw) => {
      const isOn = !isUnfelt && callee === BAD_HOST && atMs >= fault.fromMs && atMs < fault.toMs;
      return isOn && draw() < badRatio ? { tookMs: hangs ? 400 : 1 + 2 * draw() } : undefined;
    },
    ...(isIdle && { idle: [fault.fromMs - 100, fault.toMs + 100] as const }),
  });
  const felt = isIdle || isUnfelt ? 0 : 100;
  const faults = [{ step: HOST_GOES_GRAY, ...fault, instances: [BAD_HOST], matched: felt, applied: felt }];
  return { subject, fault, record: recordOf({ exchanges, faults }) };
}

export const HEALTHY = INVENTORY.filter((host) => host !== BAD_HOST);
