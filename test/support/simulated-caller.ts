/**
 * A caller in virtual time that tries again: gateway-1 asks payments-1 with POST, one call for each request of the load. What it does when it
 * gets no good answer is its policy; what a fault does to an attempt is the scene's. Everything is known, so estimates can be held against it.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const CALLER_FAULT = 'trouble';
const FAULT_IDS = [`r/${CALLER_FAULT}`];

export interface CallerPolicy {
  /** Attempts per call, the first included. */
  attemptsMax: number;
  /** Wait before attempt number `n` (2, 3 …). */
  waitMs?: (n: number, draw: () => number) => number;
  /** Retries in per cent of calls, counted from the start; unlimited if omitted. */
  budgetPercent?: number;
}

/** What becomes of an attempt that the fault hits: lost answers were given, and so were those that it turns into failures; refused requests were not. */
export type Harm = 'refused' | 'answerLost' | 'unavailable' | 'flipped';

export interface CallerScene {
  seed: number;
  policy: CallerPolicy;
  harm: Harm;
  /** Share of attempts that the fault hits while it is on. */
  harmRatio?: number;
  /** Share of attempts that fail for no reason of ours; 1 % if omitted. */
  backgroundErrors?: number;
  method?: string;
  /** The callee knows a request again: it answers 208 and does nothing. */
  knowsAgain?: boolean;
  /** Nobody asks while the fault is on. */
  isIdle?: boolean;
  /** The fault is on but reaches nothing. */
  isUnfelt?: boolean;
  ratePerSecond?: number;
  /** What the wire carries of the load's token. */
  token?: 'kept' | 'inPath' | 'inHeader' | 'dropped';
}

const FAULT = { fromMs: 8_000, toMs: 18_000 };
const TO_MS = 24_000;

export interface CallerTruth {
  /** Attempts of the calls that began while the fault was on, in order. */
  attempts: number[];
  /** Calls carried out more than once, of the same. */
  doneTwice: number;
}

export function callerCycle(scene: CallerScene): { record: RunRecord; truth: CallerTruth } {
  const { seed, isIdle = false, isUnfelt = false, ratePerSecond = 50 } = scene;
  const draw = drawStream(keyedDraw({ seed, faultId: 'caller' }), 'call');
  const exchanges: HistoryExchange[] = [];
  const truth: CallerTruth = { attempts: [], doneTwice: 0 };
  const spent = { calls: 0, retries: 0 };
  for (let i = 0; (i * 1_000) / ratePerSecond < TO_MS; i++) {
    const startMs = (i * 1_000) / ratePerSecond + draw();
    const isOn = startMs >= FAULT.fromMs && startMs < FAULT.toMs;
    if (isOn && isIdle) continue;
    const call = playCall({ scene, id: `${seed}-${i}`, startMs, draw, spent });
    exchanges.push(...call.exchanges);
    if (!isOn) continue;
    truth.attempts.push(call.exchanges.length - 1);
    if (call.done > 1) truth.doneTwice += 1;
  }
  const felt = isIdle || isUnfelt ? 0 : 100;
  const acts = {
    flipped: ['statusFlip', 'down'],
    answerLost: ['responseLoss', 'down'],
    refused: ['abort', 'up'],
    unavailable: ['abort', 'up'],
  } as const;
  const [performs, phase] = acts[scene.harm];
  const fault = { step: CALLER_FAULT, ...FAULT, instances: ['payments-1'], matched: felt, applied: felt, performs, phases: [phase] };
  return { record: recordOf({ exchanges, faults: [fault], toMs: TO_MS }), truth };
}

interface Play {
  scene: CallerScene;
  id: string;
  startMs: number;
  draw: () => number;
  spent: { calls: number; retries: number };
}

/** The load's own request comes first. */
function playCall({ scene, id, startMs, draw, spent }: Play): { exchanges: HistoryExchange[]; done: number } {
  const { policy, token = 'kept', method = 'POST' } = scene;
  spent.calls += 1;
  const attempts: HistoryExchange[] = [];
  let done = 0;
  let atMs = startMs + 0.5;
  for (;;) {
    const { isGood, isDone, ...attempt } = playAttempt({ scene, atMs, draw, isKnown: done > 0 });
    const path = token === 'inPath' ? `/charge/${id}` : '/charge';
    const delivered = attempt.end === 'connectFailed' ? {} : { requestEndMs: atMs + 0.1 };
    attempts.push({ from: 'gateway-1', to: 'payments-1', method, path, ...nameOf(token, id), startMs: atMs, ...delivered, ...attempt });
    if (isDone) done += 1;
    const mayRetry = policy.budgetPercent === undefined || (spent.retries + 1) * 100 <= policy.budgetPercent * spent.calls;
    if (isGood || attempts.length >= policy.attemptsMax || !mayRetry) break;
    spent.retries += 1;
    atMs = attempt.endMs + (policy.waitMs?.(attempts.length + 1, draw) ?? 0);
  }
  const endMs = (attempts.at(-1)?.endMs ?? atMs) + 0.5;
  return {
    exchanges: [{ from: 'load', to: 'gateway-1', route: 'pay', method, path: `/pay/${id}`, token: id, startMs, endMs }, ...attempts],
    done,
  };
}

function nameOf(token: CallerScene['token'], id: string): Partial<HistoryExchange> {
  if (token === 'inHeader') return { tokens: { 'idempotency-key': id } };
  return token === 'kept' ? { token: id } : {};
}

type Played = Partial<HistoryExchange> & { endMs: number; isGood: boolean; isDone: boolean };

function playAttempt({ scene, atMs, draw, isKnown }: { scene: CallerScene; atMs: number; draw: () => number; isKnown: boolean }): Played {
  const { harm, harmRatio = 0.2, isUnfelt = false, knowsAgain = false, backgroundErrors = 0.01 } = scene;
  const isHit = !isUnfelt && atMs >= FAULT.fromMs && atMs < FAULT.toMs && draw() < harmRatio;
  const endMs = atMs + 3 + 4 * draw();
  const isRepeat = isKnown && knowsAgain;
  const good = isRepeat ? 208 : 200;
  if (!isHit) {
    const isBad = draw() < backgroundErrors;
    return { endMs, status: isBad ? 500 : good, isGood: !isBad, isDone: !isBad && !isRepeat };
  }
  const applied = FAULT_IDS;
  switch (harm) {
    case 'refused':
      return { endMs: atMs + 0.2, end: 'connectFailed', applied, isGood: false, isDone: false };
    case 'answerLost':
      return { endMs, end: 'faultReset', status: good, applied, isGood: false, isDone: !isRepeat };
    case 'unavailable':
      return { endMs: atMs + 1, status: 503, applied, isGood: false, isDone: false };
    case 'flipped':
      return { endMs, status: 500, applied, isGood: false, isDone: !isRepeat };
  }
}
