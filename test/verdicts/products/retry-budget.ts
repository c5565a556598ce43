/** A budget of retries, as Finagle’s: a share of the calls, which is saved up while nothing fails. */
import { retry } from '../../../src/verify/checks/retry.js';
import { CALLER_FAULT, type CallerPolicy, type CallerScene, callerCycle } from '../../support/simulated-caller.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const POLICY: CallerPolicy = { attemptsMax: 3, waitMs: () => 20, budgetPercent: 12 };
const scene = { policy: POLICY, harm: 'unavailable', harmRatio: 0.7, method: 'GET' } as const;
const promise = { from: 'gateway', to: 'payments', during: CALLER_FAULT, budgetPercent: 25 };

export const retryBudget = simulatedScenes<Omit<CallerScene, 'seed'>>({
  name: 'budget of retries',
  summary: '3 attempts, 12 % of all calls so far; promised is a quarter',
  kind: 'retries',
  errorsMax: {},
  play: (given) => callerCycle(given).record,
  judge: (record) => retry.evaluate(retry.schema.parse(promise), record),
  scenes: {
    good: [scene],
    bad: [
      { ...scene, policy: { ...POLICY, budgetPercent: 40 } },
      { ...scene, policy: { attemptsMax: 3, waitMs: () => 20 } },
      { ...scene, policy: { attemptsMax: 2, waitMs: () => 20 } },
    ],
    idle: [
      { ...scene, isIdle: true },
      { ...scene, isUnfelt: true },
    ],
  },
  truths: [],
});
