import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/experiment/plan.js';
import { cli } from '../../support/cli.js';

describe('faultlab plan', () => {
  it('shows resolved targets and times, and starts nothing', async () => {
    const { code, out } = await cli('plan', 'experiments/gray-failure.yaml', '--var', 'badHost=inventory-1');
    expect(code).toBe(0);
    expect(out).toContain('gateway-1->inventory-1');
    expect(out).toMatch(/\+11s +\+23s +one-host-goes-gray/);
  });

  it('speaks JSON, with the seed that was asked for', async () => {
    const plan = JSON.parse((await cli('plan', 'experiments/gray-failure.yaml', '--seed', '7', '--json')).out) as Plan;
    expect([plan.recorded.seed, plan.links.length]).toEqual([7, 6]);
    expect((await cli('plan', 'experiments/gray-failure.yaml', '--seed', 'x')).code).toBe(64);
  });
});
