import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { prometheus } from '../../../src/orchestrator/probes/prometheus.js';
import { probing } from '../../support/probing.js';
import { hasPrometheus, type StartedPrometheus, startPrometheus } from '../../support/prometheus.js';

const ask = (params: object, signal = AbortSignal.timeout(10_000)) => prometheus.run(prometheus.schema.parse(params), probing(), signal);

describe.skipIf(!hasPrometheus)('the prometheus probe on a real server', () => {
  let server: StartedPrometheus;
  beforeAll(async () => {
    server = await startPrometheus();
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());
  const query = (expression: string, tolerance: unknown) => ask({ url: `${server.url}/`, query: expression, tolerance });

  it('judges what was scraped', async () => {
    await expect.poll(() => query('up{job="self"}', 1), { timeout: 15_000, interval: 200 }).toMatchObject({ met: true, value: 1 });
    const down = await query('up', 0);
    expect(down).toMatchObject({ met: false, value: 1 });
    expect(down.detail).toMatch(/^up is 1 for \{.*"job":"self"/);
  });

  it('judges scalars, ranges and every series of a vector', async () => {
    expect(await query('scalar(vector(2))', { range: [1, 2] })).toMatchObject({ met: true, value: 2 });
    const two = 'label_replace(vector(1), "n", "a", "", "") or label_replace(vector(9), "n", "b", "", "")';
    expect(await query(two, { in: [1, 9] })).toMatchObject({ met: true });
    expect(await query(two, { range: [0, 8] })).toMatchObject({ met: false, value: 9, detail: expect.stringContaining('"n":"b"') });
  });

  it('is never met by NaN, reads infinity, and cannot judge an expression without series', async () => {
    expect(await query('vector(0) / 0', { range: [-1, 1] })).toMatchObject({ met: false, value: 'NaN' });
    expect(await query('vector(-1) / 0', { range: [-1, 1] })).toMatchObject({ met: false, value: '-Infinity' });
    expect(await query('no_such_metric', 1)).toMatchObject({ met: null });
  });

  it('takes a refused expression for a failure, with the reason of the server', async () => {
    expect(await query('sum(', 1)).toMatchObject({ met: false, value: 400, detail: expect.stringContaining('parse error') });
    expect(await query('up[1m]', 1)).toMatchObject({ met: false, value: 200 });
  });
});

describe('the prometheus probe', () => {
  it('takes a server that is not there, is late or is none for a measured failure', async () => {
    expect(await ask({ url: 'http://127.0.0.1:1', query: 'up', tolerance: 1 })).toMatchObject({ met: false, value: 0 });
    const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    onTestFinished(() => {
      other.close();
    });
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await ask({ url, query: 'up', tolerance: 1 })).toMatchObject({ met: false, value: 200 });
    expect(await ask({ url, query: 'up', tolerance: 1 }, AbortSignal.abort())).toMatchObject({ met: false, value: 0 });
  });

  it('speaks to http and https alone', () => {
    expect(prometheus.schema.safeParse({ url: 'file:///etc/passwd', query: 'up', tolerance: 1 }).success).toBe(false);
  });
});
