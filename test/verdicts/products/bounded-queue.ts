/** A server that does 60 a second, lets 20 wait and turns the rest away at once. */
import { loadShedding } from '../../../src/verify/checks/load-shedding.js';
import { type ServerPolicy, type ServerScene, SHEDDING_PROMISE, serverCycle } from '../../support/simulated-server.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const CAPACITY = 60;
const POLICY: ServerPolicy = { queueMax: 20 };

export const boundedQueue = simulatedScenes<Omit<ServerScene, 'seed' | 'isDisturbed'>>({
  name: 'bounded queue',
  summary: '60 requests a second, 20 wait, the rest is told at once; up to 180 come',
  kind: 'load',
  errorsMax: { 'capacity, /s': 6, 'knee, /s': 8 },
  play: serverCycle,
  judge: (record) => loadShedding.evaluate(loadShedding.schema.parse(SHEDDING_PROMISE), record),
  scenes: {
    good: [{ policy: POLICY }, { policy: { queueMax: 5 } }],
    bad: [
      { policy: { queueMax: Number.POSITIVE_INFINITY } },
      { policy: { queueMax: 400, chokes: 5 } },
      { policy: { ...POLICY, rejectMs: 400 } },
      { policy: { ...POLICY, unfairTo: 'pay' } },
      { policy: { ...POLICY, asksFirst: true } },
    ],
    idle: [
      { policy: POLICY, isIdle: true },
      { policy: POLICY, isUnfelt: true },
      { policy: POLICY, ramp: [30, 45] },
    ],
  },
  truths: [
    { name: 'capacity, /s', measured: 'best goodput per second', of: () => CAPACITY },
    { name: 'knee, /s', measured: 'knee', of: () => CAPACITY },
  ],
});
