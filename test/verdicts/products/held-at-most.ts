/** A gateway whose dependency stands still: it holds so many requests at most, and tells the others. */
import { backpressure } from '../../../src/verify/checks/backpressure.js';
import { type HolderPolicy, type HolderScene, holderCycle, STALL } from '../../support/simulated-holder.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const POLICY: HolderPolicy = { heldMax: 50, holdsMs: 3_000 };
const FOR_EVER = { heldMax: Number.POSITIVE_INFINITY, holdsMs: Number.POSITIVE_INFINITY };
const promise = { to: 'gateway', below: 'payments', during: STALL, heldMax: 100, within: '4s' };

export const heldAtMost = simulatedScenes<Omit<HolderScene, 'seed' | 'isDisturbed'>>({
  name: 'backpressure',
  summary: 'holds 50 requests at most, for 3 s',
  kind: 'load',
  errorsMax: { 'most held, requests': 10 },
  play: holderCycle,
  judge: (record) => backpressure.evaluate(backpressure.schema.parse(promise), record),
  scenes: {
    good: [{ policy: POLICY }, { policy: { heldMax: 20, holdsMs: 2_000 } }],
    bad: [
      { policy: FOR_EVER },
      { policy: FOR_EVER, patienceMs: 1_000 },
      { policy: { heldMax: 150, holdsMs: Number.POSITIVE_INFINITY } },
      { policy: { heldMax: Number.POSITIVE_INFINITY, holdsMs: 5_000 } },
    ],
    idle: [
      { policy: POLICY, isIdle: true },
      { policy: POLICY, isUnfelt: true },
      { policy: POLICY, takesRatio: 0.9 },
    ],
  },
  truths: [{ name: 'most held, requests', measured: 'most held', of: ({ policy }) => policy.heldMax }],
});
