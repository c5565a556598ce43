/** The daemon's own figures, read as Prometheus reads them: by a scrape over HTTP, and by Debian's Prometheus where it is installed. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { injectSchema } from '../../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { servedControl } from '../../support/control.js';
import { hasPrometheus, startPrometheus } from '../../support/prometheus.js';

const OPEN_METRICS = 'Accept: application/openmetrics-text; version=1.0.0';

async function upstream(): Promise<number> {
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** A daemon with one HTTP link, and a fault on it that answers for half of the paths. */
async function started() {
  const control = await servedControl({ metrics: true });
  onTestFinished(() => control[Symbol.asyncDispose]());
  const spec = proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: `127.0.0.1:${await upstream()}` });
  const { listen } = await control.daemon.createProxy(spec);
  const { epoch } = control.daemon.claim('game-day');
  const fault = { id: 'gray', type: 'abort', proxies: ['a->b'], value: { status: 503 }, match: { path: '/bad*' }, lease: '30s' };
  control.daemon.inject(injectSchema.parse({ run: 'game-day', epoch, faults: [fault] }));
  const call = (path: string) => fetch(`http://${listen}${path}`, { headers: { 'x-request-id': `id-of-${path.slice(1)}` } });
  const scrape = async (...head: string[]) => (await control.raw('GET', '/metrics', { head })).body;
  return { control, call, scrape };
}

describe('a daemon that serves metrics', () => {
  it('counts attempts, latencies and what faults decided, while a fault is on and after it', async () => {
    const { control, call, scrape } = await started();
    for (const path of ['/good', '/bad/1', '/bad/2']) await call(path);
    await expect.poll(scrape, { timeout: 10_000 }).toContain('faultlab_attempts_total{link="a->b",answer="5xx"} 2');
    const during = await scrape();
    expect(during).toContain('faultlab_attempts_total{link="a->b",answer="2xx"} 1');
    expect(during).toContain('faultlab_attempt_seconds_count{link="a->b"} 3');
    expect(during).toContain('faultlab_fault_active{fault="gray",type="abort",run="game-day"} 1');
    expect(during).toContain('faultlab_fault_decisions_total{fault="gray",decision="applied"} 2');
    expect(during).toMatch(/faultlab_fault_left_seconds\{fault="gray"\} [12]\d/);
    expect(during).toMatch(
      /toxiproxy_proxy_received_bytes_total\{direction="upstream",listener="[^"]+",proxy="a->b",upstream="[^"]+"\} [1-9]/,
    );

    control.daemon.heal({ run: 'game-day' });
    await expect.poll(scrape, { timeout: 10_000 }).toContain('faultlab_faults_ended_total{how="healed"} 1');
    const after = await scrape();
    expect(after).not.toContain('faultlab_fault_active{');
    expect(after).toContain('faultlab_fault_decisions_total{fault="gray",decision="applied"} 2');
  });

  it('names a request of each bucket to who asks for OpenMetrics', async () => {
    const { call, scrape } = await started();
    await call('/good');
    await expect.poll(() => scrape(OPEN_METRICS), { timeout: 10_000 }).toMatch(/_bucket\{.*\} 1 # \{request="id-of-good"\} /);
    expect(await scrape(OPEN_METRICS)).toMatch(/# EOF\n$/);
    expect(await scrape()).not.toContain('id-of-good');
  });

  it('tells of a halt, and refuses a page that was rebound to loopback', async () => {
    const { control, scrape } = await started();
    expect(await scrape()).toContain('faultlab_halted 0');
    control.daemon.halt('enough');
    expect(await scrape()).toContain('faultlab_halted 1');
    expect(await control.raw('GET', '/metrics', { head: ['Host: evil.example'] })).toMatchObject({ status: 403 });
  });
});

describe.skipIf(!hasPrometheus)('Debian’s Prometheus', () => {
  it('finds nothing to complain about in names, help and types', async () => {
    const { call, scrape } = await started();
    await call('/bad');
    const text = await scrape();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
    const wrong = spawnSync('promtool', ['check', 'metrics'], { input: '# TYPE badCounter counter\nbadCounter 1\n', encoding: 'utf8' });
    expect(wrong.status).not.toBe(0);
  });

  it('scrapes the attempts, with their exemplars', async () => {
    const { control, call } = await started();
    await using server = await startPrometheus({ faultlab: new URL(control.url).host });
    await call('/good');
    const ask = async (path: string): Promise<unknown> => ((await (await fetch(`${server.url}${path}`)).json()) as { data: unknown }).data;
    const attempts = `/api/v1/query?query=${encodeURIComponent('faultlab_attempts_total{link="a->b"}')}`;
    await expect
      .poll(() => ask(attempts), { timeout: 20_000, interval: 200 })
      .toMatchObject({ result: [{ metric: { answer: '2xx', job: 'faultlab' }, value: [expect.any(Number), '1'] }] });
    const now = Date.now() / 1_000;
    const exemplars = `/api/v1/query_exemplars?query=faultlab_attempt_seconds_bucket&start=${now - 60}&end=${now + 60}`;
    await expect
      .poll(() => ask(exemplars), { timeout: 20_000, interval: 200 })
      .toMatchObject([{ exemplars: [{ labels: { request: 'id-of-good' } }] }]);
  });
});
