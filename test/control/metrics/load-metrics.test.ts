import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { LoadMetrics } from '../../../src/control/metrics/load-metrics.js';
import { linkSecond } from '../../support/link-second.js';

function metrics() {
  const load = new LoadMetrics();
  const registry = new Registry();
  for (const metric of load.metrics) registry.registerMetric(metric);
  return { load, text: () => registry.metrics() };
}
const ofLoad = (over: Parameters<typeof linkSecond>[0]) => linkSecond({ link: 'load->a', ...over });

test('a second that is told again with more in it is counted once', async () => {
  const { load, text } = metrics();
  load.note([ofLoad({ second: 1, requests: 10, errors: 2 })]);
  load.note([ofLoad({ second: 1, requests: 12, errors: 3 }), ofLoad({ second: 2, requests: 5 })]);
  load.note([ofLoad({ second: 1, requests: 12, errors: 3 })]);
  expect(await text()).toContain('faultlab_load_requests_total{link="load->a",outcome="ok"} 14\n');
  expect(await text()).toContain('faultlab_load_requests_total{link="load->a",outcome="error"} 3\n');
});

test('what fails is harm from the first fault of a run on, and not before it, in the next one too', async () => {
  const { load, text } = metrics();
  load.begin();
  load.note([ofLoad({ second: 1, requests: 10, errors: 2 })]);
  load.countHarm();
  load.note([ofLoad({ second: 2, requests: 10, errors: 3 })]);
  load.begin();
  load.note([ofLoad({ second: 2, requests: 10, errors: 4 })]);
  expect(await text()).toContain('faultlab_harmed_requests_total 3\n');
});

test('times are of the newest second, and go with their run', async () => {
  const { load, text } = metrics();
  load.note([ofLoad({ second: 1, requests: 1, p50Ms: 10, p90Ms: 20, p99Ms: 250 })]);
  expect(await text()).toContain('faultlab_load_latency_seconds{link="load->a",quantile="0.99"} 0.25\n');
  load.begin();
  expect(await text()).not.toContain('quantile');
});
