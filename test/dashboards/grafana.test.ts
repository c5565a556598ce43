/** Every panel that is shipped for Grafana, asked of a Prometheus that watches a daemon with traffic and faults on it: none may stay empty. */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { injectSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import type { RunNews } from '../../src/orchestrator/run-news.js';
import { type ServedControl, servedControl } from '../support/control.js';
import { linkSecond } from '../support/link-second.js';
import { hasPrometheus, type StartedPrometheus, startPrometheus } from '../support/prometheus.js';
import { runNews, runVerdicts } from '../support/run-news.js';

interface Board {
  uid: string;
  title: string;
  panels: { title: string; description: string; targets: { expr: string }[] }[];
  templating: { list: { name: string; type: string; query: { query: string } }[] };
  annotations: { list: { name: string; expr: string }[] };
}

const folder = new URL('../../dashboards/grafana/', import.meta.url);
const boards = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Board);

/** What Grafana puts in for the variables, at a scrape every 200 ms. */
const filled = (expr: string): string =>
  expr
    .replaceAll('$__rate_interval', '5s')
    .replaceAll('$__interval', '1s')
    .replaceAll('$__range', '1m')
    .replaceAll('=~"$link"', '=~".*"')
    .replaceAll('$link', 'a->b');

const panels = boards.flatMap(({ title, panels: all }) =>
  all.flatMap((panel) => panel.targets.map(({ expr }) => [`${title}: ${panel.title}`, filled(expr)] as const)),
);

const annotations = boards.flatMap((board) =>
  board.annotations.list.map(({ name, expr }) => [`${board.title}: ${name}`, filled(expr)] as const),
);

describe.skipIf(!hasPrometheus)('the dashboards for Grafana', () => {
  const callee = createServer((_request, response) => response.end('ok'));
  let control: ServedControl;
  let server: StartedPrometheus;
  let calls: NodeJS.Timeout;

  beforeAll(async () => {
    await new Promise<void>((resolve) => callee.listen(0, '127.0.0.1', resolve));
    control = await servedControl({ metrics: true });
    const { daemon } = control;
    const upstream = `127.0.0.1:${(callee.address() as AddressInfo).port}`;
    const { listen } = await daemon.createProxy(proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream }));
    const news = runNews({ until: 'faultApplied' });
    const { epoch } = daemon.claim(news.run);
    const fault = { type: 'abort', proxies: ['a->b'], value: { status: 503 }, percentage: 50, lease: '60s' };
    daemon.inject(injectSchema.parse({ run: news.run, epoch, faults: [{ id: `${news.run}/one-host-goes-gray`, ...fault }] }));
    calls = setInterval(() => void fetch(`http://${listen}/`).catch(() => undefined), 50);
    await tell(news.run, { ...news, epoch, verdicts: runVerdicts() });
    const seconds = [linkSecond({ link: 'load->gateway-1', second: 1, requests: 9, errors: 2, p50Ms: 1, p90Ms: 2, p99Ms: 3 })];
    const stop = { n: 10_000, atMs: 0, type: 'stopTripped', condition: 'harmed', detail: '2 of 1' } as const;
    const unhealed = { n: 10_001, atMs: 0, type: 'healFailed', reason: 'nobody answers' } as const;
    await tell(news.run, { ...news, epoch, events: [stop, unhealed], seconds });
    server = await startPrometheus({ faultlab: new URL(control.url).host });
  }, 60_000);

  afterAll(async () => {
    clearInterval(calls);
    await server[Symbol.asyncDispose]();
    await control[Symbol.asyncDispose]();
    callee.closeAllConnections();
    callee.close();
  });

  /** As a run does. */
  async function tell(run: string, { epoch, events, seconds, verdicts, lost }: RunNews): Promise<void> {
    const { status, body } = await control.raw('POST', `/v1/runs/${run}/events`, {
      body: JSON.stringify({ epoch, events, seconds, verdicts, lost }),
      head: ['content-type: application/json'],
    });
    expect(status, body).toBeLessThan(300);
  }

  it.each(panels)('%s shows something', async (_title, expr) => {
    await expect.poll(() => server.now(expr), { timeout: 20_000, interval: 250 }).not.toEqual([]);
  });

  it('a panel with a misspelt name would stay empty, and one with a mistake would be told', async () => {
    expect(await server.now(filled('rate(faultlab_attempt_total{link=~"$link"}[$__rate_interval])'))).toEqual([]);
    await expect(server.now('rate(faultlab_attempts_total[')).rejects.toThrow(/parse error/);
  });

  it.each(annotations)('%s marks something', async (_title, expr) => {
    await expect.poll(() => server.ever(expr), { timeout: 20_000, interval: 250 }).not.toEqual([]);
  });

  it('their variables ask what Prometheus understands', async () => {
    const variables = boards.flatMap((board) => board.templating.list).filter(({ type }) => type === 'query');
    expect(variables.map(({ query }) => query.query)).toEqual(variables.map(() => 'label_values(faultlab_connections, link)'));
    expect(await server.now('faultlab_connections')).not.toEqual([]);
  });
});

describe('the dashboards', () => {
  it('have an id and a title of their own, and every panel says what it shows', () => {
    expect(new Set(boards.map(({ uid }) => uid)).size).toBe(boards.length);
    expect(boards.length).toBeGreaterThan(1);
    for (const panel of boards.flatMap((board) => board.panels)) expect(panel.description).toMatch(/\.$/);
  });
});
