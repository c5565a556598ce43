/** gRPC’s hedgingPolicy: the second attempt after a fixed delay, the loser cancelled. */
import { hedging } from '../../../src/verify/checks/hedging.js';
import { type HedgePolicy, type HedgerScene, hedgerCycle, SLOW_HOST } from '../../support/simulated-hedger.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const POLICY: HedgePolicy = { kind: 'hedges', delayMs: 50, cancels: true };
const promise = { from: 'gateway', to: 'inventory', during: SLOW_HOST, delay: { min: '40ms', max: '60ms' }, amplification: { max: 1.4 } };

export const grpcHedging = simulatedScenes<Omit<HedgerScene, 'seed' | 'isDisturbed'>>({
  name: 'gRPC hedgingPolicy',
  summary: 'a second attempt after 50 ms, the loser cancelled',
  kind: 'waiting',
  errorsMax: { 'delay of hedges': 10 },
  play: hedgerCycle,
  judge: (record) => hedging.evaluate(hedging.schema.parse(promise), record),
  scenes: {
    good: [{ policy: POLICY }],
    bad: [
      { policy: { ...POLICY, kind: 'never' } },
      { policy: { ...POLICY, ratio: 0.5 } },
      { policy: { ...POLICY, delayMs: 10 } },
      { policy: { ...POLICY, delayMs: 150 } },
      { policy: { ...POLICY, cancels: false } },
      { policy: POLICY, method: 'POST' },
      { policy: POLICY, slowRatio: 0.9 },
      { policy: { ...POLICY, kind: 'timeout', cancels: false } },
    ],
    idle: [
      { policy: POLICY, isIdle: true },
      { policy: POLICY, isUnfelt: true },
    ],
  },
  truths: [
    { name: 'delay of hedges', measured: 'delay of hedges', of: ({ policy }) => policy.delayMs },
    { name: 'law of the delay', measured: 'law of the delay', of: () => 'fixed' },
  ],
});
