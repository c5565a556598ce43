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

  it.each([
    [
      'links that end TLS',
      'links: [{from: front, to: back}',
      'links: [{from: front, to: back, tls: {terminate: {}}}',
      'no authority in common',
    ],
    [
      'a gateway',
      'protocol: http\n      instances: [{name: front-1',
      `protocol: http\n      env: {PROXY: "\${gateway}"}\n      instances: [{name: front-1`,
      'agents have no gateway: hand the service the addresses of its links',
    ],
    ['snapshots', '{name: rest, wait: 1s}', '{name: copy, snapshot: back}', 'bring a stale instance up from data of its own'],
    [
      'probes of processes',
      'stopConditions',
      'steadyState: {probes: [{name: up, type: process, target: {to: back}}]}\nstopConditions',
      'process looks at processes, and processes of a fleet are those of other hosts: ask them over the network, by tcp, http or readiness',
    ],
    [
      'probes of liveness',
      'stopConditions',
      'steadyState: {probes: [{name: up, type: liveness, target: {to: back}}]}\nstopConditions',
      'liveness looks at processes',
    ],
  ])('has no %s, and says at plan time why, and what to do instead', (_, from, to, words) => {
    expect(problemsOf(edited(TWO_ZONES, from, to), {}, shippedCatalogs).join('\n')).toContain(words);
  });

  it.each([
    ['HTTP/2', 'protocol: http\n      instances: [{name: back-1', 'protocol: http2\n      instances: [{name: back-1'],
    ['TCP', 'protocol: http\n      instances: [{name: back-1', 'protocol: tcp\n      instances: [{name: back-1'],
    ['gates', '{name: rest, wait: 1s}', '{name: gate, approve: {}}'],
    ['probes over the network', 'stopConditions', 'steadyState: {probes: [{name: up, type: tcp, target: {to: back}}]}\nstopConditions'],
    [
      'partitions one way',
      '{name: rest, wait: 1s}',
      '{name: cut, fault: {type: partition, target: {from: front, to: back}, duration: 1s}}',
    ],
  ])('carries %s', (_, from, to) => {
    expect(fleetPlan(edited(TWO_ZONES, from, to)).proxies.driver).toBe('fleet');
  });
});
