import { describe, expect, it } from 'vitest';
import type { PlannedAgents, PlannedService } from '../../../src/experiment/plan.js';
import { placeInstances } from '../../../src/orchestrator/fleet/place-instances.js';

const agents = ['c', 'a', 'b', 'd'].map((name) => ({ name, labels: { zone: name < 'c' ? 'one' : 'two' } }));
const service = (count: number, wanted?: PlannedAgents): Pick<PlannedService, 'name' | 'instances' | 'argv'> => ({
  name: 's',
  argv: ['node'],
  instances: Array.from({ length: count }, (_, i) => ({ name: `s-${i + 1}`, labels: {}, ...(wanted && { agents: wanted }) })),
});
const placesOf = (count: number, wanted?: PlannedAgents, seed = 1): readonly (string | undefined)[] => {
  const places = placeInstances([service(count, wanted)], { agents, seed });
  return service(count).instances.map(({ name }) => places.get(name));
};

describe('instances of a service', () => {
  it('take turns over all agents by name, over those that have a label, or over those that are named', () => {
    expect(placesOf(5)).toEqual(['a', 'b', 'c', 'd', 'a']);
    expect(placesOf(3, { labels: { zone: 'two' } })).toEqual(['c', 'd', 'c']);
    expect(placesOf(2, { names: ['d'] })).toEqual(['d', 'd']);
  });

  it('take turns over a share that the seed draws, and a smaller share lies inside a larger', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [half, more] = [placesOf(4, { percentage: 50 }, seed), placesOf(4, { percentage: 75 }, seed)];
      expect([new Set(half).size, new Set(more).size]).toEqual([2, 3]);
      expect(more).toEqual(expect.arrayContaining([...new Set(half)]));
      expect(placesOf(4, { count: 2 }, seed)).toEqual(half);
    }
    expect(new Set(Array.from({ length: 20 }, (_, seed) => placesOf(1, { count: 1 }, seed)[0])).size).toBeGreaterThan(1);
  });

  it('are refused by name where there are not the agents that the plan wants', () => {
    expect(() => placesOf(1, { names: ['z'] })).toThrow('instance s-1 needs the agent z');
    expect(() => placesOf(1, { labels: { zone: 'two' }, count: 3 })).toThrow('instance s-1 needs 3 agents with zone=two, but there are 2');
    expect(() => placesOf(1, { labels: { zone: 'x' } })).toThrow('there is none');
  });

  it('that only call, from outside, are nowhere', () => {
    const outside = { name: 'users', instances: [{ name: 'users-1', labels: {} }] };
    expect(placeInstances([outside], { agents, seed: 1 }).size).toBe(0);
  });
});
