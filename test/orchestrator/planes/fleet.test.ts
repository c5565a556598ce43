import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../../src/experiment/catalogs.js';
import { fleet } from '../../../src/orchestrator/planes/fleet.js';
import { fleetPlan, TWO_ZONES } from '../../support/agents.js';
import { edited, problemsOf } from '../../support/experiment.js';
import { planePorts } from '../../support/plane-ports.js';

describe('the data plane fleet', () => {
  it('is found by etcd, and says so where there is none', () => {
    expect(() => fleet.open(fleet.schema.parse({}), planePorts())).toThrow('--etcd');
  });

  it('refuses busy agents, stops when it loses one, and is over ten seconds after the run was last heard of, unless the plan says otherwise', () => {
    expect(fleetPlan().proxies.params).toMatchObject({ onBusy: 'refuse', onAgentLoss: 'stop', lease: 10_000, observationsWithin: 60_000 });
    const text = edited(TWO_ZONES, '{driver: fleet}', '{driver: fleet, onBusy: queue, onAgentLoss: continue, lease: 3s}');
    expect(fleetPlan(text).proxies.params).toMatchObject({ onBusy: 'queue', onAgentLoss: 'continue', lease: 3_000 });
    expect(problemsOf(edited(TWO_ZONES, '{driver: fleet}', '{driver: fleet, lease: 1s}'), {}, shippedCatalogs)[0]).toContain(
      'between 2000ms',
    );
  });

  it('is the only one on whose hosts instances can be placed', () => {
    const [problem] = problemsOf(edited(TWO_ZONES, '{driver: fleet}', '{driver: daemon}'), {}, shippedCatalogs);
    expect(problem).toContain('topology.services.front.agents: expected `proxies: {driver: fleet}` with it');
  });

  it('gives instances the labels by which they are placed, so that faults can choose by them', () => {
    const [front] = fleetPlan().services;
    expect(front?.instances[0]).toMatchObject({ labels: { zone: 'a' }, agents: { labels: { zone: 'a' } } });
  });
});
