import { describe, expect, it } from 'vitest';
import { ANYONE, topologyOf } from '../../../../dashboards/live/src/state/topology.js';
import { emptyPlan } from './snapshots.js';

const proxy = (name: string, upstream = '127.0.0.1:6379') => ({
  name,
  upstream,
  protocol: 'tcp',
  listen: '127.0.0.1:1',
  enabled: true,
  protected: false,
  tls: [],
});

describe('who calls whom', () => {
  it('comes from the plan, with the load generator before the service that it calls', () => {
    const services = [{ name: 'gateway', instances: ['gateway-1', 'gateway-2'], probePaths: [] }];
    const link = { name: 'gateway-1->db', from: 'gateway-1', fromService: 'gateway', to: 'db', toService: 'db', protocol: 'http' as const };
    const { links, services: drawn } = topologyOf({ ...emptyPlan, services, links: [link], load: { service: 'gateway', routes: [] } }, []);
    expect(links.map(({ name, isLoad }) => [name, isLoad])).toEqual([
      ['load->gateway-1', true],
      ['load->gateway-2', true],
      ['gateway-1->db', false],
    ]);
    expect(drawn.map(({ name }) => name)).toEqual(['load', 'gateway', 'db']);
  });

  it('is read out of the names of proxies where there is no plan', () => {
    const { links, instances } = topologyOf(null, [proxy('web-1->cache-2'), proxy('redis')]);
    expect(links.map(({ from, fromService, to, toService }) => [from, fromService, to, toService])).toEqual([
      ['web-1', 'web', 'cache-2', 'cache'],
      [ANYONE, ANYONE, 'redis', 'redis'],
    ]);
    expect(instances.get('redis')?.address).toBe('127.0.0.1:6379');
  });

  it('has proxies beside the plan too, and one key for as long as nothing changed', () => {
    const first = topologyOf(emptyPlan, [proxy('by-hand')]);
    expect(first.links).toHaveLength(1);
    expect(topologyOf(emptyPlan, [proxy('by-hand')]).key).toBe(first.key);
    expect(topologyOf(emptyPlan, [proxy('by-hand'), proxy('another')]).key).not.toBe(first.key);
  });
});
