/**
 * The workers and the retries of the shop against each other, in virtual time: whether harm outlives its cause follows from capacity, load, attempts and
 * what becomes of dead work, as the literature on metastable failures has it. What the experiments show once is held here for many loads and seeds.
 */
import { describe, expect, it } from 'vitest';
import { sleep } from '../../../src/core/clock.js';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { createRetries } from '../../../src/lab/shop/retries.js';
import { createWorkers } from '../../../src/lab/shop/workers.js';
import { VirtualClock } from '../../support/clock.js';
import { seeds } from '../../support/simulated-cycles.js';

interface System {
  readonly perSecond: number;
  readonly attemptsMax: number;
  readonly restraint?: boolean;
  /** Work for callers that have given up is never begun. */
  readonly drops?: boolean;
  readonly queueMax?: number;
  readonly waitMsMax?: number;
}

/** 100 requests a second: ten at a time, a tenth of a second each. */
const WORKERS = 10;
const SERVICE_MS = 100;
const PATIENCE_MS = 500;
/** While it lasts, work takes five times as long. */
const TRIGGER = { fromMs: 5_000, toMs: 10_000 };
const JUDGED = { fromMs: 25_000, toMs: 30_000 };
const STEP_MS = 5;

type Answer = 'good' | 'none';

/** The share of requests that were answered well, long after the trigger. */
async function goodputAfter(system: System, seed: number): Promise<number> {
  const clock = new VirtualClock({ startMs: 0 });
  const draw = drawStream(keyedDraw({ seed, faultId: 'overload' }), 'load');
  const workers = createWorkers({
    count: WORKERS,
    queueMax: system.queueMax ?? 1_000_000,
    ...(system.waitMsMax && { waitMsMax: system.waitMsMax }),
    clock,
  });
  const retries = createRetries({ name: 'caller', attemptsMax: system.attemptsMax, restraint: system.restraint ?? false, clock });
  const serve = (): Promise<void> => {
    const isSick = clock.nowMs() >= TRIGGER.fromMs && clock.nowMs() < TRIGGER.toMs;
    return sleep(clock, -Math.log(1 - draw()) * SERVICE_MS * (isSick ? 5 : 1));
  };
  const attempt = async (): Promise<Answer> => {
    const left = new AbortController();
    const patience = clock.after(PATIENCE_MS, () => left.abort());
    const worked = workers.work(serve, system.drops ? left.signal : undefined);
    const gaveUp = new Promise<'none'>((resolve) => left.signal.addEventListener('abort', () => resolve('none')));
    const answer = await Promise.race([worked.then(({ kind }): Answer => (kind === 'done' ? 'good' : 'none')), gaveUp]);
    patience.cancel();
    return answer;
  };
  const judged = { offered: 0, good: 0 };
  const ask = async (): Promise<void> => {
    const isJudged = clock.nowMs() >= JUDGED.fromMs && clock.nowMs() < JUDGED.toMs;
    const answer = await retries.run({ attempt, isFailure: (said) => said === 'none' });
    if (!isJudged) return;
    judged.offered += 1;
    if (answer === 'good') judged.good += 1;
  };
  let nextMs = 0;
  while (clock.nowMs() < JUDGED.toMs + 4 * PATIENCE_MS) {
    for (; nextMs <= clock.nowMs(); nextMs += (-Math.log(1 - draw()) * 1_000) / system.perSecond) void ask();
    clock.advance(STEP_MS);
    for (let i = 0; i < 12; i++) await Promise.resolve();
  }
  return judged.good / judged.offered;
}

async function goodputs(system: System): Promise<number[]> {
  return Promise.all(seeds(2).map((seed) => goodputAfter(system, seed)));
}

const RECOVERING: Record<string, System> = {
  'four attempts far below the vulnerable band': { perSecond: 12, attemptsMax: 4 },
  'one attempt at a load inside the band of four': { perSecond: 60, attemptsMax: 1 },
  'four attempts within a budget': { perSecond: 50, attemptsMax: 4, restraint: true },
  'four attempts, and nobody waits for longer than half of their patience': { perSecond: 60, attemptsMax: 4, drops: true, waitMsMax: 250 },
  'four attempts, and a queue shorter than their patience': { perSecond: 60, attemptsMax: 4, queueMax: 30 },
};
const METASTABLE: Record<string, System> = {
  'four attempts inside the vulnerable band': { perSecond: 60, attemptsMax: 4 },
  'four attempts, and a queue longer than their patience': { perSecond: 60, attemptsMax: 4, queueMax: 200 },
  // In order of coming, those are begun who have just not given up yet, and give up while they are worked on: work is a fifth of their patience here.
  'four attempts, and dead work is dropped, but no sooner': { perSecond: 60, attemptsMax: 4, drops: true },
  'two attempts at more than half of the capacity': { perSecond: 65, attemptsMax: 2 },
};

describe('a trigger that is gone', () => {
  it.each(Object.entries(RECOVERING))('leaves nothing behind: %s', async (_name, system) => {
    for (const share of await goodputs(system)) expect(share).toBeGreaterThan(0.9);
  });

  it.each(Object.entries(METASTABLE))('leaves an overload that feeds itself: %s', async (_name, system) => {
    for (const share of await goodputs(system)) expect(share).toBeLessThan(0.2);
  });
});
