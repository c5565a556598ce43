/** A timer of silence, as undici’s `headersTimeout` and `bodyTimeout` or nginx’ `proxy_read_timeout`: whatever trickles goes on. */
import { timeout } from '../../../src/verify/checks/timeout.js';
import { HANG, type WaiterPolicy, type WaiterScene, waiterCycle } from '../../support/simulated-waiter.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const POLICY: WaiterPolicy = { timeoutMs: 500, kind: 'idle', cancels: true };
const scene = { policy: POLICY, trickleRatio: 0.3 };
const promise = { from: 'gateway', to: 'payments', during: HANG, idle: '500ms', cancels: true };

export const silenceTimer = simulatedScenes<Omit<WaiterScene, 'seed' | 'isDisturbed'>>({
  name: 'timer of silence',
  summary: '500 ms without a byte, ended on the wire',
  kind: 'waiting',
  errorsMax: { 'effective timeout': 10 },
  play: waiterCycle,
  judge: (record) => timeout.evaluate(timeout.schema.parse(promise), record),
  scenes: {
    good: [scene, { ...scene, policy: { ...POLICY, attemptsMax: 2 } }],
    bad: [
      { ...scene, policy: { ...POLICY, timeoutMs: 900 } },
      { ...scene, policy: { ...POLICY, timeoutMs: 60_000 } },
      { ...scene, leakRatio: 0.1 },
      { ...scene, policy: { ...POLICY, cancels: false } },
    ],
    idle: [
      { ...scene, isIdle: true },
      { ...scene, isUnfelt: true },
      { ...scene, answerMs: 100 },
    ],
  },
  truths: [
    { name: 'effective timeout', measured: 'effective timeout', of: ({ policy }) => policy.timeoutMs },
    { name: 'what it times', measured: 'what it times', of: () => 'silence' },
  ],
});
