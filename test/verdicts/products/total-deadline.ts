/** A deadline for the whole answer, as `AbortSignal.timeout` or Envoy’s `per_try_timeout`: it is heard of on the wire. */
import { timeout } from '../../../src/verify/checks/timeout.js';
import { HANG, type WaiterPolicy, type WaiterScene, waiterCycle } from '../../support/simulated-waiter.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const POLICY: WaiterPolicy = { timeoutMs: 500, kind: 'total', cancels: true };
const promise = {
  from: 'gateway',
  to: 'payments',
  during: HANG,
  perAttempt: '500ms',
  cancels: true,
  atLeast: '450ms',
  tolerance: '150ms',
  inversionsMax: 0,
};

export const totalDeadline = simulatedScenes<Omit<WaiterScene, 'seed' | 'isDisturbed'>>({
  name: 'deadline for the whole',
  summary: '500 ms for an attempt, ended on the wire',
  kind: 'waiting',
  errorsMax: { 'effective timeout': 10 },
  play: waiterCycle,
  judge: (record) => timeout.evaluate(timeout.schema.parse(promise), record),
  scenes: {
    good: [
      { policy: POLICY },
      { policy: { ...POLICY, attemptsMax: 2 } },
      { policy: POLICY, trickleRatio: 0.5 },
      { policy: POLICY, loadTimeoutMs: 1_500 },
    ],
    bad: [
      { policy: { ...POLICY, timeoutMs: 900 } },
      { policy: { ...POLICY, timeoutMs: 60_000 } },
      { policy: POLICY, leakRatio: 0.1 },
      { policy: { ...POLICY, timeoutMs: 200 } },
      { policy: { ...POLICY, cancels: false } },
      { policy: { ...POLICY, cancels: false, attemptsMax: 2 } },
      { policy: { ...POLICY, kind: 'idle' }, trickleRatio: 0.5 },
      { policy: POLICY, loadTimeoutMs: 300 },
    ],
    idle: [
      { policy: POLICY, isIdle: true },
      { policy: POLICY, isUnfelt: true },
      { policy: POLICY, answerMs: 100 },
    ],
  },
  truths: [
    { name: 'effective timeout', measured: 'effective timeout', of: ({ policy }) => policy.timeoutMs },
    {
      name: 'what it times',
      measured: 'what it times',
      of: ({ trickleRatio }) => (trickleRatio === undefined ? undefined : 'the whole answer'),
    },
  ],
});
