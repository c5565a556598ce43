import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/experiment/plan.js';
import { probedInstances } from '../../src/orchestrator/probed-instances.js';

const services = [
  { name: 'pay', instances: [{ name: 'pay-1' }, { name: 'pay-2' }], ready: { path: '/ready' } },
  { name: 'db', instances: [{ name: 'db-1' }], ready: {} },
] as unknown as Plan['services'];
const look = { address: (name: string) => `${name}:80`, process: () => undefined, starts: (name: string) => (name === 'pay-2' ? 3 : 0) };

describe('instances as probes see them', () => {
  it('are those of a service, or the one named', () => {
    expect(probedInstances({ services }, 'pay', look).map(({ name, readyPath, restarts }) => [name, readyPath, restarts])).toEqual([
      ['pay-1', '/ready', 0],
      ['pay-2', '/ready', 2],
    ]);
    expect(probedInstances({ services }, 'db-1', look)).toMatchObject([{ name: 'db-1', address: 'db-1:80', readyPath: undefined }]);
    expect(probedInstances({ services }, 'nobody', look)).toEqual([]);
  });
});
