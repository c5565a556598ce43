/** A service whose routes have pools of their own, as behind resilience4j’s Bulkhead: what needs the sick dependency leaves the others alone. */
import { bulkhead } from '../../../src/verify/checks/bulkhead.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../../support/simulated-service.js';
import { simulatedScenes } from '../simulated/scene-cycles.js';

const ratePerSecond = 300;
const promise = { to: 'gateway', route: 'stock', during: SERVICE_FAULT, margin: 2, p95RatioMax: 1.5 };

export const separatePools = simulatedScenes<Omit<ServiceCycle, 'seed' | 'isDisturbed'>>({
  name: 'separate pools',
  summary: 'the other route does as well as before, within 2 points and half as long again',
  kind: 'load',
  errorsMax: { 'change of success, share': 0.01 },
  play: serviceCycle,
  judge: (record) => bulkhead.evaluate(bulkhead.schema.parse(promise), record),
  scenes: {
    good: [{ ratePerSecond }],
    bad: [
      { ratePerSecond, conduct: { errorRatio: 0.1 } },
      { ratePerSecond, conduct: { medianMs: 30 } },
      { ratePerSecond, conduct: { silentRatio: 0.08 } },
    ],
    idle: [
      { ratePerSecond, isIdle: true },
      { ratePerSecond, isUnfelt: true },
    ],
  },
  truths: [{ name: 'change of success, share', measured: 'change of success', of: () => 0 }],
});
