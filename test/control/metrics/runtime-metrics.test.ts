import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { runtimeMetrics } from '../../../src/control/metrics/runtime-metrics.js';
import { servedControl } from '../../support/control.js';

test('figures about the process are asked anew with every scrape', async () => {
  let cpuSeconds = 1;
  const registry = new Registry();
  const figures = () => ({ version: '9.9', cpuSeconds, residentBytes: 4096, startedSeconds: 1_700_000_000 });
  for (const metric of runtimeMetrics(figures)) registry.registerMetric(metric);
  expect(await registry.metrics()).toContain('process_cpu_seconds_total 1\n');
  cpuSeconds = 2;
  const text = await registry.metrics();
  expect(text).toContain('process_cpu_seconds_total 2\n');
  expect(text).toContain('process_resident_memory_bytes 4096\n');
  expect(text).toContain('process_start_time_seconds 1700000000\n');
  expect(text).toMatch(/^go_build_info\{.*version="9\.9"\} 1$/m);
});

test('a daemon that is asked for both tells of the traffic and of itself, and of itself only if it is asked', async () => {
  await using both = await servedControl({ metrics: true, runtimeMetrics: true });
  const { body } = await both.raw('GET', '/metrics');
  expect(body).toContain('faultlab_halted 0');
  expect(body).toMatch(/^process_resident_memory_bytes [1-9]/m);
  await using one = await servedControl({ metrics: true });
  expect((await one.raw('GET', '/metrics')).body).not.toContain('process_');
});
