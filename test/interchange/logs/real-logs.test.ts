/** Logs as programs really write them, and not as we think they do: of a browser, and of a proxy. What is judged by them is known, for the server was told what to answer. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.mjs';
import { cli } from '../../support/cli.js';
import { forThisTest } from '../../support/for-this-test.js';
import { until } from '../../support/until.js';
import { freePort, missingProgram, startListening } from '../../verdicts/real/program.js';

const REQUESTS = 200;
/** One in ten fails, and one in five takes so much longer. */
const SLOW_MS = 300;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultlab-real-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function startServer(): Promise<{ port: number }> {
  const server = http.createServer((request, response) => {
    const i = Number(/^\/items\/(\d+)/.exec(request.url ?? '')?.[1]);
    if (Number.isNaN(i)) return void response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">');
    const answer = (): unknown => response.writeHead(i % 10 === 0 ? 503 : 200).end('ok');
    if (i % 5 === 1) setTimeout(answer, SLOW_MS);
    else answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  forThisTest({
    [Symbol.asyncDispose]: async () => {
      server.close().closeAllConnections();
    },
  });
  return { port: (server.address() as AddressInfo).port };
}

/** Of promises that the log keeps, and of those that it breaks. */
async function expectVerdicts(log: readonly string[], to: string): Promise<void> {
  const verdictOf = async (check: string) => (await cli('verify', ...log, '--check', check)).code;
  expect(await verdictOf(`errorRatio: {to: ${to}, max: 30}`)).toBe(0);
  expect(await verdictOf(`errorRatio: {to: ${to}, max: 2}`)).toBe(1);
  expect(await verdictOf(`latency: {to: ${to}, metric: p95, max: 60s}`)).toBe(0);
  expect(await verdictOf(`latency: {to: ${to}, metric: p95, max: ${SLOW_MS / 2}ms}`)).toBe(1);
}

describe('a HAR that Chromium’s requests were written to', () => {
  it('is judged as the server answered, and a request that nobody answered has failed', async () => {
    const { port } = await startServer();
    const har = join(folder, 'page.har');
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ recordHar: { path: har, content: 'omit' } });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.evaluate(async (count) => {
        await Promise.all(Array.from({ length: count }, (_, i) => fetch(`/items/${i}?n=1`).then((answer) => answer.text())));
        await fetch('http://127.0.0.1:9/nobody').catch(() => {});
      }, REQUESTS);
      await context.close();
    } finally {
      await browser.close();
    }
    const shown = await cli('verify', '--har', har);
    expect(shown.out).toMatch(new RegExp(`127.0.0.1-${port} +${REQUESTS + 1} +${REQUESTS / 10} `));
    expect(shown.out).toMatch(/127.0.0.1-9 +1 +1 /);
    await expectVerdicts(['--har', har], `127.0.0.1-${port}`);
  }, 60_000);
});

const missing = missingProgram('haproxy');
describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('a log that HAProxy itself wrote', () => {
  it('is judged as the server answered, and by the server that it names', async () => {
    const { port: upstream } = await startServer();
    const port = await freePort();
    const config = join(folder, 'haproxy.cfg');
    await writeFile(
      config,
      `global
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen shop
  bind 127.0.0.1:${port}
  server inventory-1 127.0.0.1:${upstream}
`,
    );
    const lines: string[] = [];
    forThisTest(await startListening('haproxy', { args: ['-f', config, '-db'], port, onLine: (line) => lines.push(line) }));
    await Promise.all(Array.from({ length: REQUESTS }, async (_, i) => (await fetch(`http://127.0.0.1:${port}/items/${i}?n=1`)).text()));
    await until(() => lines.filter((line) => line.includes('/items/')).length === REQUESTS);
    const log = join(folder, 'haproxy.log');
    await writeFile(log, lines.filter((line) => line.includes('/items/')).join('\n'));
    expect((await cli('verify', '--access-log', log)).out).toMatch(new RegExp(`inventory-1 +${REQUESTS} +${REQUESTS / 10} `));
    await expectVerdicts(['--access-log', log], 'inventory-1');
  }, 60_000);
});
