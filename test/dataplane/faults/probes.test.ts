import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { RequestHead } from '../../../src/dataplane/faults/fault.js';
import { isProbe, PROBE_AGENTS, PROBE_PATHS } from '../../../src/dataplane/faults/probes.js';

const head = (target: string, agent?: string): RequestHead => ({
  method: 'GET',
  target,
  version: '1.1',
  header: (name) => (name === 'user-agent' ? agent : undefined),
});

describe('a probe', () => {
  test.each([
    '/health',
    '/HEALTH',
    '/healthz?verbose',
    '/health/live',
    '/readyz/etcd',
    '/livez',
    '/ping',
    '/-/ready',
    'http://b:80/healthz',
  ])('is known by its path %s', (target) => {
    expect(isProbe(head(target))).toBe(true);
  });

  test.each(['kube-probe/1.27', 'ELB-HealthChecker/2.0', 'GoogleHC/1.0', 'Consul Health Check', 'Prometheus/2.45.0', 'envoy/hc'])(
    'is known by its user agent %s',
    (agent) => {
      expect(isProbe(head('/orders', agent))).toBe(true);
    },
  );
});

describe('business', () => {
  test.each([
    '/',
    '/healthcare/patients',
    '/readings',
    '/live/match-7',
    '/orders/42/ready',
    '/status',
    '/pingpong',
    '/orders?path=/health',
  ])('at %s is no probe', (target) => {
    expect(isProbe(head(target, 'curl/8'))).toBe(false);
  });
});

it('the lists hold nothing twice', () => {
  expect(new Set(PROBE_PATHS).size).toBe(PROBE_PATHS.length);
  expect(new Set(PROBE_AGENTS).size).toBe(PROBE_AGENTS.length);
});

it('the README tells every path and agent', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const agents = PROBE_AGENTS.map((agent) => agent.replace(/\/?\*$/, '')).filter((agent) => agent !== 'Blackbox-Exporter');
  expect([...PROBE_PATHS, ...agents].filter((text) => !readme.includes(`\`${text}\``))).toEqual([]);
});
