import { describe, expect, it } from 'vitest';
import { toleranceOf } from '../../../src/interchange/importers/chaos-toolkit/probes.js';
import { chaosToolkit } from '../../../src/interchange/importers/chaos-toolkit.js';
import { planOf } from '../../support/imported.js';

const EXPERIMENT = {
  version: '1.0.0',
  title: 'Does the shop live with a slow database?',
  description: 'It should.',
  tags: ['db'],
  configuration: { token: { type: 'env', key: 'TOKEN' } },
  'steady-state-hypothesis': {
    title: 'The shop answers',
    probes: [
      {
        type: 'probe',
        name: 'shop answers',
        tolerance: 200,
        provider: { type: 'http', url: 'http://127.0.0.1:8080/health?deep=1', timeout: 3 },
      },
      {
        name: 'no errors in the log',
        tolerance: { type: 'regex', pattern: '^0$' },
        provider: { type: 'process', path: 'grep', arguments: '-c ERROR shop.log' },
      },
      { name: 'pods run', tolerance: true, provider: { type: 'python', module: 'chaosk8s.probes', func: 'all_pods_healthy' } },
    ],
  },
  method: [
    {
      type: 'action',
      name: 'proxy the db',
      provider: {
        type: 'python',
        module: 'chaostoxi.proxy.actions',
        func: 'create_proxy',
        arguments: { proxy_name: 'db', upstream_host: '127.0.0.1', upstream_port: 5432, listen_host: '127.0.0.1', listen_port: 15432 },
      },
    },
    {
      type: 'action',
      name: 'slow db',
      provider: {
        type: 'python',
        module: 'chaostoxi.toxic.actions',
        func: 'create_latency_toxic',
        arguments: { for_proxy: 'db', toxic_name: 'x', latency: 300, jitter: 20 },
      },
      pauses: { after: 5 },
    },
    {
      type: 'action',
      name: 'no cache',
      provider: { type: 'python', module: 'chaostoxi.proxy.actions', func: 'disable_proxy', arguments: { proxy_name: 'cache' } },
    },
    {
      type: 'action',
      name: 'drain',
      provider: { type: 'python', module: 'chaosk8s.node.actions', func: 'drain_nodes', arguments: { name: 'n1' } },
    },
    { type: 'probe', name: 'look', provider: { type: 'http', url: 'http://127.0.0.1:8080/' } },
  ],
  rollbacks: [{ type: 'action', name: 'speed up', provider: { type: 'python', module: 'chaostoxi.toxic.actions', func: 'delete_toxic' } }],
};
const read = (experiment: unknown = EXPERIMENT) =>
  chaosToolkit.read(JSON.stringify(experiment), { file: 'experiment.json', name: 'slow-db' });

describe('a Chaos Toolkit experiment', () => {
  it('keeps its probes, pauses, and what it does to the proxies of Toxiproxy', () => {
    const { probes, steps, links, recorded } = planOf(read(), { 'cache-address': '127.0.0.1:6379' });
    expect(recorded.description).toContain('Does the shop live with a slow database?');
    expect(probes).toMatchObject([
      {
        name: 'shop-answers',
        type: 'http',
        mode: 'edge',
        timeoutMs: 3_000,
        params: { target: { to: '127.0.0.1' }, path: '/health?deep=1', tolerance: 200 },
      },
      { name: 'no-errors-in-the-log', type: 'command', params: { argv: ['grep', '-c', 'ERROR', 'shop.log'], tolerance: { regex: '^0$' } } },
    ]);
    expect(links.map(({ to, listen }) => [to, listen])).toEqual([
      ['db-1', '127.0.0.1:15432'],
      ['cache-1', '127.0.0.1:15002'],
    ]);
    expect(steps.map(({ name, kind, startAfter, fault }) => [name, kind, startAfter, fault?.spec.type])).toEqual([
      ['slow-db', 'fault', [], 'latency'],
      ['pause-after-slow-db', 'wait', [], undefined],
      ['no-cache', 'fault', ['pause-after-slow-db'], 'refuse'],
    ]);
  });

  it('lists what it does not carry, item by item', () => {
    expect(read().notCarried).toEqual([
      'probe "pods run": what chaosk8s.probes.all_pods_healthy asks, only that module knows',
      'action "drain": what chaosk8s.node.actions.drain_nodes does, only that module knows',
      'probe "look" of the method: it was only asked for the record; see `steadyState` with `mode: onFault`',
      'rollback "speed up": faults end by themselves and are healed on every way out',
      'configuration: token; what they stood for was not filled in',
    ]);
  });

  it('asks for the address that the file does not say', () => {
    expect(() => planOf(read())).toThrow('cache-address');
  });

  it('is read as YAML too, and known by its looks', () => {
    const text =
      'title: t\nmethod:\n  - type: action\n    name: a\n    pauses: {before: 2}\n    provider: {type: process, path: /bin/true}\n';
    expect(chaosToolkit.recognises(text)).toBe(true);
    expect(chaosToolkit.recognises(JSON.stringify(EXPERIMENT, null, 2))).toBe(true);
    expect(chaosToolkit.recognises(JSON.stringify(EXPERIMENT))).toBe(true);
    expect(chaosToolkit.read(text, { file: 'f', name: 'n' }).experiment['method']).toEqual([
      { name: 'pause-before-a', wait: '2s' },
      { name: 'a', startAfter: 'pause-before-a', run: { argv: ['/bin/true'] } },
    ]);
  });

  it.each([
    ['no title', { method: [] }, 'title'],
    ['a provider of a kind that there is none of', { title: 't', method: [{ provider: { type: 'magic' } }] }, 'method'],
  ])('is refused with its place: %s', (_what, experiment, place) => {
    expect(() => read(experiment)).toThrow(new RegExp(`experiment\\.json: cannot be read: .*${place}`));
  });
});

it.each([
  [200, 200],
  [[200, 204], { in: [200, 204] }],
  [true, 0],
  [{ type: 'range', range: [1, 5] }, { range: [1, 5] }],
  [
    { type: 'jsonpath', path: '$.ok', expect: [true] },
    { jsonpath: '$.ok', expect: { in: [true] } },
  ],
  [{ type: 'jsonpath', path: '$.pods', count: 3 }, undefined],
  [{ type: 'probe', name: 'another' }, undefined],
  [false, undefined],
])('the tolerance %j means %j', (given, meant) => {
  expect(toleranceOf(given)).toEqual(meant);
});
