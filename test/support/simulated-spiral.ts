/**
 * A gateway, a cache and a database of known capacity in virtual time. A fault slows the database; whether the backlog drains afterwards follows
 * from retries, from dead work and from the cache that only successes refill. Nothing is scripted: the loop is the model.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const TRIGGER = 'trigger';

export interface SpiralPolicy {
  attemptsMax: number;
  /** The cache is lost with the fault; only answers refill it. */
  losesCache?: boolean;
}

export interface SpiralScene {
  seed: number;
  policy: SpiralPolicy;
  ratePerSecond?: number;
  /** The same after the fault; people who go away, or come. */
  laterPerSecond?: number;
  isIdle?: boolean;
  isUnfelt?: boolean;
  isHarmless?: boolean;
  token?: boolean;
}

const FAULT = { fromMs: 8_000, toMs: 14_000 };
const TO_MS = 34_000;
const CAPACITY_PER_SECOND = 50;
const SLOW_PER_SECOND = 7;
const TIMEOUT_MS = 250;
/** Of all keys, those found in a warm cache. */
const WARM = 0.8;

interface Attempt {
  atMs: number;
  request: HistoryExchange;
  number: number;
}

export function spiralCycle(scene: SpiralScene): RunRecord {
  const { seed, isIdle = false, isUnfelt = false } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'spiral' }), 'load');
  const exchanges: HistoryExchange[] = [];
  const cache = { hitRatio: scene.policy.losesCache ? WARM : 0 };
  const server = { freeMs: 0 };
  const due = arrivals(scene, draw);
  // Retries come a fixed time after their attempts, so both queues are in order by themselves.
  const retries: Attempt[] = [];
  const state: State = { scene, exchanges, cache, server, retries, draw };
  for (let next = nextOf(due, retries); next !== undefined; next = nextOf(due, retries)) playAttempt(next, state);
  const felt = isIdle || isUnfelt ? 0 : 100;
  return recordOf({
    exchanges,
    faults: [{ step: TRIGGER, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt }],
    toMs: TO_MS,
  });
}

interface State {
  scene: SpiralScene;
  exchanges: HistoryExchange[];
  cache: { hitRatio: number };
  server: { freeMs: number };
  retries: Attempt[];
  draw: () => number;
}

function playAttempt({ request, atMs, number }: Attempt, { scene, exchanges, cache, server, retries, draw }: State): void {
  const { policy, token = true } = scene;
  const hurts = !scene.isUnfelt && !scene.isHarmless;
  const isOn = hurts && atMs >= FAULT.fromMs && atMs < FAULT.toMs;
  if (isOn && policy.losesCache) cache.hitRatio = 0;
  if (number === 1) exchanges.push(request);
  if (number === 1 && draw() < cache.hitRatio) {
    request.endMs = atMs + 2;
    return;
  }
  const endMs = serve(server, { atMs, hurts, draw });
  const isGood = endMs - atMs <= TIMEOUT_MS;
  const cut = isGood ? { endMs } : { endMs: atMs + TIMEOUT_MS, end: 'clientReset' as const };
  const words = token && request.token !== undefined ? { token: request.token } : {};
  exchanges.push({ from: 'gateway-1', to: 'payments-1', ...words, startMs: atMs, ...cut, ...(isOn && { applied: [`r/${TRIGGER}`] }) });
  if (isGood) {
    request.endMs = endMs + 0.5;
    if (policy.losesCache) cache.hitRatio = Math.min(WARM, cache.hitRatio + 0.002);
  } else if (number < policy.attemptsMax) retries.push({ atMs: atMs + TIMEOUT_MS, request, number: number + 1 });
  else Object.assign(request, { endMs: atMs + TIMEOUT_MS + 0.5, status: 504 });
}

function arrivals(
  { seed, ratePerSecond = 30, laterPerSecond = ratePerSecond, isIdle, policy }: SpiralScene,
  draw: () => number,
): Attempt[] {
  const due: Attempt[] = [];
  const scale = policy.losesCache ? 3 : 1;
  let atMs = 0;
  for (let i = 0; atMs < TO_MS; i++) {
    const isOn = atMs >= FAULT.fromMs && atMs < FAULT.toMs;
    const request: HistoryExchange = { from: 'load', to: 'gateway-1', route: 'pay', token: `${seed}-${i}`, startMs: atMs };
    if (!(isOn && isIdle)) due.push({ atMs, request, number: 1 });
    atMs += (1_000 / (scale * (atMs >= FAULT.toMs ? laterPerSecond : ratePerSecond))) * (0.7 + 0.6 * draw());
  }
  return due.reverse();
}

function nextOf(due: Attempt[], retries: Attempt[]): Attempt | undefined {
  const isRetryFirst = (retries[0]?.atMs ?? Infinity) < (due.at(-1)?.atMs ?? Infinity);
  return isRetryFirst ? retries.shift() : due.pop();
}

/** First come, first served, whether or not anybody still waits: dead work is work. It is slow while the fault is on as it begins. */
function serve(server: { freeMs: number }, { atMs, hurts, draw }: { atMs: number; hurts: boolean; draw: () => number }): number {
  const beginMs = Math.max(server.freeMs, atMs);
  const perSecond = hurts && beginMs >= FAULT.fromMs && beginMs < FAULT.toMs ? SLOW_PER_SECOND : CAPACITY_PER_SECOND;
  server.freeMs = beginMs + (1_000 / perSecond) * (0.8 + 0.4 * draw());
  return server.freeMs;
}
