/** A gateway that answers something else, with a status of its own, while its dependency is away. */
import { fallback } from '../../../src/verify/checks/fallback.js';
import { AWAY, type StandInPolicy, type StandInScene, standInCycle } from '../../support/simulated-stand-in.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const POLICY: StandInPolicy = { ratio: 1, status: 202, tookMs: 20, otherwise: 'own' };
const promise = { from: 'gateway', to: 'payments', during: AWAY, status: [202], min: 95, within: '150ms', errorLeaksMax: 0 };

export const standIn = simulatedScenes<Omit<StandInScene, 'seed' | 'isDisturbed'>>({
  name: 'fallback',
  summary: '202 after 20 ms in place of what the dependency would have said',
  kind: 'failover',
  errorsMax: {},
  play: standInCycle,
  judge: (record) => fallback.evaluate(fallback.schema.parse(promise), record),
  scenes: {
    good: [{ policy: POLICY }, { policy: { ...POLICY, unaskedRatio: 0.95 } }, { policy: POLICY, awayRatio: 0.5 }],
    bad: [
      { policy: { ...POLICY, ratio: 0 } },
      { policy: { ...POLICY, ratio: 0.8 } },
      { policy: { ...POLICY, tookMs: 400 } },
      { policy: { ...POLICY, status: 200 } },
      { policy: { ...POLICY, ratio: 0.96, otherwise: 'leak' } },
    ],
    idle: [
      { policy: POLICY, isIdle: true },
      { policy: POLICY, isUnfelt: true },
      { policy: POLICY, awayRatio: 0 },
    ],
  },
  truths: [],
});
