/**
 * The live view as a person meets it: on a real game day with real processes, and on a daemon that has proxies and no run. One run serves many
 * looks, and is interrupted when there is nothing more to see.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { closedPort } from '../../support/tcp.js';
import { Faultlab, Scratch } from '../faultlab.js';

const SECOND_MS = 1_000;
const open = useChromium();

/** A daemon with the page, and its address. */
async function served(...args: string[]): Promise<{ daemon: Faultlab; url: string }> {
  const daemon = new Faultlab(['serve', '--ui', '--port', '0', ...args]);
  const [url = ''] = await daemon.says(/http:\/\/127\.0\.0\.1:\d+/);
  return { daemon, url };
}

interface Mark {
  /** As the edge says it. */
  link: string;
  mark: string;
  lane: RegExp;
  /** The step that is on meanwhile. */
  fault: string;
}

/** Waits until the page has the mark on the edge and in the lane, and says which steps the daemon had on at that moment. */
async function marked(page: Page, { link, mark, lane }: Mark, url: string): Promise<readonly string[]> {
  await page.getByRole('button', { name: new RegExp(`^${link}: .*${mark}`) }).waitFor({ timeout: 150 * SECOND_MS });
  // A lane that is not as it should be has a bar of that look; its words are its title.
  const row = page.locator('svg.lanes > g', { has: page.locator('title', { hasText: lane }) });
  await row
    .locator('rect.bar.alarm')
    .first()
    .waitFor({ state: 'attached', timeout: 10 * SECOND_MS });
  const { faults } = (await (await fetch(`${url}/v1/faults`)).json()) as { faults: { id: string }[] };
  return faults.map(({ id }) => id.slice(id.lastIndexOf('/') + 1));
}

const EJECTION: Mark = { link: 'gateway-1 to inventory-3', mark: 'ejection: out', lane: /^inventory-3$/, fault: 'one-host-goes-gray' };
const BREAKER: Mark = { link: 'gateway-1 to payments-1', mark: 'breaker: open', lane: /-> payments/, fault: 'payments-down' };

describe('the live view of a game day', () => {
  let scratch: Scratch;
  let daemon: Faultlab;
  let run: Faultlab;
  let url: string;
  let page: Page;
  /** Faults do not wait for the looks of other tests: somebody watches for their marks from the beginning. */
  let watcher: Page;
  let marks: Promise<PromiseSettledResult<readonly string[]>[]>;

  beforeAll(async () => {
    scratch = await Scratch.create();
    ({ daemon, url } = await served());
    // Enough requests for each host that an ejection can be told from a share that dipped.
    const slow = ['--var', 'rate=60/s', '--var', 'act=20s'];
    run = new Faultlab(['run', 'experiments/gray-failure.yaml', '--connect', url, '--out', scratch.path, ...slow]);
    watcher = await open(`${url}/ui/`);
    marks = Promise.allSettled([EJECTION, BREAKER].map((mark) => marked(watcher, mark, url)));
    page = await open(`${url}/ui/`);
    // A busy machine may not meet the steady state; what is looked at here is there before it is asked.
    await page.getByRole('button', { name: /^gateway-1: ready, .* requests a second arrive/ }).waitFor({ timeout: 100 * SECOND_MS });
  }, 150 * SECOND_MS);

  afterAll(async () => {
    // Before its daemon goes: a page that cannot reach it says so.
    await page.close();
    await watcher.close();
    run.child.kill('SIGINT');
    await run.finished;
    await run[Symbol.asyncDispose]();
    await daemon[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  }, 60 * SECOND_MS);

  it('draws every instance and link of the plan, and how each does', async () => {
    for (const name of ['load', 'gateway-1', 'payments-1', ...[1, 2, 3, 4, 5].map((i) => `inventory-${i}`)]) {
      await expect(page.getByRole('button', { name: new RegExp(`^${name}: `) }).count()).resolves.toBe(1);
    }
    const link = page.getByRole('button', { name: /^gateway-1 to inventory-2: \d.* requests a second/ });
    await link.waitFor({ timeout: 30 * SECOND_MS });
    await expect(page.locator('.status').textContent()).resolves.toMatch(/gray-failure[\s\S]*live/);
  });

  it('tells of a link that is clicked, and the address keeps it', async () => {
    await page.getByRole('button', { name: /^gateway-1 to inventory-2: / }).click();
    const details = page.getByRole('region', { name: 'gateway-1 → inventory-2' });
    await details.waitFor();
    for (const word of ['requests/s', 'p99', 'connections', 'Faults on it', '2xx'])
      await details.getByText(word, { exact: false }).first().waitFor();
    await details.getByRole('table', { name: /Connections that are open/ }).waitFor();
    expect(page.url()).toContain('#/live?link=gateway-1-%3Einventory-2');
    await page.getByRole('button', { name: 'Close the details' }).click();
    await page.getByRole('region', { name: 'Details' }).waitFor();
  });

  it('is used with the keyboard alone: the arrows go through the picture, Enter selects', async () => {
    await page.getByRole('button', { name: /^load: / }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[aria-label^="load to gateway-1"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'load → gateway-1' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Details' }).waitFor();
  });

  it('says all of it as a table as well', async () => {
    await page.getByText('The same as a table').click();
    const table = page.getByRole('table', { name: 'Links, as they do now' });
    await table.getByRole('button', { name: 'Requests/s' }).click();
    await table.getByRole('button', { name: 'Requests/s' }).click();
    await expect(table.getByRole('rowheader').first().textContent()).resolves.toBe('load->gateway-1');
    await page.getByText('The same as a table').click();
  });

  it('draws the hour as charts and lanes, and the keys move them', async () => {
    const charts = page.getByRole('group', { name: /^Charts\./ });
    await expect(charts.locator('canvas').count()).resolves.toBe(3);
    await expect(charts.locator('svg.lanes').innerHTML()).resolves.toContain('phases');
    await charts.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Following' }).waitFor();
    const { x, y, width, height } = (await charts.locator('.u-over').first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width * 0.4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 5 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    await page.keyboard.press('f');
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe objects to, %s, on a desk and on a phone, where nothing sticks out',
    async (colorScheme) => {
      for (const viewport of [
        { width: 1180, height: 900 },
        { width: 390, height: 844 },
      ]) {
        const looked = await open(`${url}/ui/#/live?link=gateway-1-%3Epayments-1`, { colorScheme, viewport });
        await looked.getByRole('region', { name: 'gateway-1 → payments-1' }).waitFor();
        expect(await axeFindings(looked)).toEqual([]);
        expect(await overhangPx(looked)).toBe(0);
        await looked.close();
      }
    },
    150_000,
  );

  it('marks an ejected host and an open breaker on their links and in their lanes, while their faults are on', async () => {
    const seen = (await marks).map((mark) => (mark.status === 'fulfilled' ? mark.value : mark.reason));
    expect(seen).toEqual([[EJECTION.fault], [BREAKER.fault]]);
  }, 200_000);
});

describe('the live view of a daemon without a run', () => {
  const GONE = [/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|Failed to load resource/];

  it('draws its proxies, hostile names as text, and comes back by itself when the daemon is started anew', async () => {
    const hostile = '<img>';
    const port = await closedPort();
    const start = async (): Promise<Faultlab> => {
      const args = [
        '--port',
        String(port),
        '--proxy',
        'name=shop-1->db-1,upstream=127.0.0.1:9',
        '--proxy',
        `name=${hostile},upstream=127.0.0.1:9`,
      ];
      const daemon = new Faultlab(['serve', '--ui', ...args]);
      await daemon.says(/http:\/\/127\.0\.0\.1:\d+/);
      return daemon;
    };
    const first = await start();
    const page = await open(`http://127.0.0.1:${port}/ui/`, { expected: GONE });
    await page.getByRole('button', { name: /^shop-1 to db-1: / }).waitFor({ timeout: 30 * SECOND_MS });
    await page.getByRole('button', { name: `callers to ${hostile}: ` }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await first[Symbol.asyncDispose]();
    await page.getByText(/stale since \d\d:\d\d:\d\d/).waitFor({ timeout: 30 * SECOND_MS });
    await using _second = await start();
    await page.getByText('live', { exact: true }).waitFor({ timeout: 30 * SECOND_MS });
    await page.getByRole('button', { name: /^shop-1 to db-1: / }).waitFor();
  }, 90_000);
});
