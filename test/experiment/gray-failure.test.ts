/** The shipped game day, planned with the shipped catalogs. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describePlan } from '../../src/experiment/describe.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { planDurationMs, timeline } from '../../src/experiment/timeline.js';

const text = readFileSync(new URL('../../experiments/gray-failure.yaml', import.meta.url), 'utf8');

function plan(variables: Readonly<Record<string, string>> = {}) {
  return planExperiment(loadExperiment({ text, file: 'experiments/gray-failure.yaml', variables }));
}

describe('experiments/gray-failure.yaml', () => {
  test('puts a proxy between the gateway and every instance it calls', () => {
    expect(plan().links.map((link) => [link.name, link.protocol])).toEqual([
      ['gateway-1->inventory-1', 'http'],
      ['gateway-1->inventory-2', 'http'],
      ['gateway-1->inventory-3', 'http'],
      ['gateway-1->inventory-4', 'http'],
      ['gateway-1->inventory-5', 'http'],
      ['gateway-1->payments-1', 'http'],
    ]);
  });

  test('hits one link at a time, one act after the other', () => {
    const acts = timeline(plan().steps).flatMap(({ step, fromMs, toMs }) =>
      step.fault ? [[step.name, fromMs, toMs, step.fault.performs, step.fault.links]] : [],
    );
    expect(acts).toEqual([
      ['one-host-goes-gray', 0, 12_000, 'abort', ['gateway-1->inventory-3']],
      ['payments-down', 20_000, 32_000, 'abort', ['gateway-1->payments-1']],
      ['host-cut-off', 38_000, 48_000, 'blackhole', ['gateway-1->inventory-5']],
    ]);
  });

  test('says its faults in a line each', () => {
    expect(plan().recorded.steps.flatMap((step) => step.fault?.summary ?? [])).toEqual([
      'abort 503, 40 % of requests, path /stock*, not path /health /ready',
      'abort 503, not path /health /ready',
      'partition',
    ]);
  });

  test('is over well within two minutes', () => {
    expect(planDurationMs(plan())).toBe(73_000);
  });

  test('can be pointed at another instance, and the promises follow', () => {
    const { steps, checks } = plan({ badHost: 'inventory-1', act: '4s' });
    expect(steps[0]?.fault).toMatchObject({ instances: ['inventory-1'], durationMs: 4_000 });
    expect(checks[0]?.params).toMatchObject({ expect: ['inventory-1'] });
  });

  test('refuses an instance that does not exist, wherever it is named', () => {
    expect(() => plan({ badHost: 'inventory-6' })).toThrow(/target\.to: inventory has no instance "inventory-6"/);
    expect(() => plan({ badHost: 'inventory-6' })).toThrow(/expect\[0\]: inventory has no instance "inventory-6"/);
  });

  test('switches a defence off by --var alone', () => {
    expect(plan({ ejection: 'off' }).services[0]?.argv?.slice(2)).toEqual(['--ejection', 'off', '--breaker', 'on']);
  });

  test('can be read before it is run', () => {
    const lines = describePlan(plan()).split('\n');
    expect(lines).toContain('  gateway -> inventory (http): 5 links');
    expect(lines).toContain('  +31s  +43s  payments-down       abort 503, not path /health /ready');
    expect(lines).toContain('  73s in all, after at most 15s for the services to become ready');
  });
});
