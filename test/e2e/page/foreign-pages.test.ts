/**
 * Web pages elsewhere in the browser of whoever runs a daemon: whatever they try, nothing is injected, halted or made, and nothing is read. The same acts
 * succeed from a page that the daemon serves itself, so the attempts are real ones.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { launchChromium } from '../../support/chromium.mjs';
import { type ServedControl, servedControl } from '../../support/control.js';
import { frame, tryAll } from '../../support/hostile-page.mjs';

const REBOUND = 'rebound.example';

let control: ServedControl;
let browser: Browser;
let folder: string;
/** A page of somebody else, on a port of its own. */
const elsewhere = createServer((_, response) =>
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>elsewhere</title>'),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultlab-page-'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>ours</title>');
  control = await servedControl({ pageFolder: folder });
  await control.daemon.createProxy(proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: '127.0.0.1:9' }));
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium({ args: [`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`] });
}, 60_000);

afterAll(async () => {
  await browser.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
  await control[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const harm = () => ({
  faults: control.daemon.faults().length,
  halted: control.daemon.status().halted,
  proxies: control.daemon.proxies().map(({ enabled }) => enabled),
});
const NONE = { faults: 0, halted: null, proxies: [true] };

describe('a web page elsewhere', () => {
  it('on another port of this machine does no harm and reads nothing', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    expect(await page.evaluate(tryAll, control.url)).toEqual([]);
    expect(harm()).toEqual(NONE);
    await page.close();
  });

  it('whose name was bound to this machine does no harm, and reads nothing but refusals', async () => {
    const { port } = new URL(control.url);
    const page = await browser.newPage();
    const answer = await page.goto(`http://${REBOUND}:${port}/ui/`);
    expect(answer?.status()).toBe(403);
    const read = await page.evaluate(tryAll, '');
    expect(read.length).toBeGreaterThan(5);
    expect(read.filter((line) => !/: 40[03]$/.test(line))).toEqual([]);
    expect(harm()).toEqual(NONE);
    await page.close();
  });

  it('cannot frame ours', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.evaluate(frame, `${control.url}/ui/`);
    await refused;
    await page.close();
  });
});

describe('our own page', () => {
  it('may do all of it: the attempts above are real', async () => {
    const page = await browser.newPage();
    await page.goto(`${control.url}/ui/`);
    const read = await page.evaluate(tryAll, '');
    expect(read).toContain('POST /v1/faults: 201');
    expect(read).toContain('POST /v1/halt: 200');
    expect(read).toContain('GET /v1/live: 200');
    expect(read).toContain('DELETE /v1/proxies/a-%3Eb: 204');
    expect(harm()).toMatchObject({ halted: { reason: 'no reason given' }, proxies: [] });
    await page.close();
  });
});
