import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ControlPath, type ControlPathPorts } from '../../../src/orchestrator/fleet/control-path.js';
import { fleetPlan, TWO_ZONES } from '../../support/agents.js';
import { edited } from '../../support/experiment.js';

const CUT = '{name: cut, fault: {type: partition, target: {from: front, to: back/back-1}, duration: 1s}}';

/** `address`: of `back-1`, which the plan cuts off. */
async function refused(address: string, given: Partial<ControlPathPorts> = {}): Promise<boolean> {
  const plan = fleetPlan(edited(edited(TWO_ZONES, '{name: rest, wait: 1s}', CUT), '127.0.0.1:9003', address));
  const path = await ControlPath.find(plan, { endpoints: ['http://127.0.0.1:2379'], agentOf: () => undefined, ...given });
  try {
    path.refuseTargets(plan);
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONTROL_PATH', details: { step: 'cut', target: 'back-1', what: `etcd at ${address}` } });
    expect(path.has('back-1')).toBe(true);
    return true;
  }
  expect(path.has('back-1')).toBe(false);
  return false;
}

describe('the way by which a fleet is steered', () => {
  it.each(['127.0.0.1:2379', 'localhost:2379', '127.0.0.2:2379', '[::1]:2379', `${hostname()}:2379`])(
    'is refused as a target at %s',
    async (address) => {
      expect(await refused(address)).toBe(true);
    },
  );

  it.each(['http://localhost:2379', 'https://ip6-localhost:2379', `http://${hostname()}:2379`])(
    'is known where --etcd names it %s',
    async (endpoint) => {
      expect(await refused('127.0.0.1:2379', { endpoints: [endpoint] })).toBe(true);
    },
  );

  it('is no other port, and no other host', async () => {
    expect(await refused('127.0.0.1:2380')).toBe(false);
    expect(await refused('10.9.9.9:2379', { resolve: async () => [] })).toBe(false);
  });

  it('is compared by what names mean, and one that means nothing by itself', async () => {
    const names: Readonly<Record<string, readonly string[]>> = { 'etcd.lab': ['10.0.0.1', '10.0.0.2'], 'other.lab': ['10.0.0.2'] };
    const resolve = async (name: string): Promise<readonly string[]> => names[name] ?? [];
    const endpoints = ['https://etcd.lab'];
    expect(await refused('other.lab:443', { endpoints, resolve })).toBe(true);
    expect(await refused('10.0.0.1:443', { endpoints, resolve })).toBe(true);
    expect(await refused('ETCD.lab:443', { endpoints, resolve: async () => [] })).toBe(true);
    expect(await refused('10.0.0.3:443', { endpoints, resolve })).toBe(false);
  });

  it('means by loopback the host that the instance is on', async () => {
    const on = (host: string) => ({ agentOf: () => ({ name: 'a', pid: 1, host }), resolve: async () => [] });
    const endpoints = ['http://10.0.0.1:2379'];
    expect(await refused('127.0.0.1:2379', { ...on('10.0.0.1'), endpoints })).toBe(true);
    expect(await refused('localhost:2379', { ...on('10.0.0.7'), endpoints })).toBe(false);
  });
});
