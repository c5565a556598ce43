/** Partitions in a shape and one-way ones, by hand, without a mouse: what the page says beforehand is what is cut. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { Faultlab } from '../faultlab.js';

const openPage = useChromium();
const MEMBERS = ['m-1', 'm-2', 'm-3'];

interface Cut {
  type: string;
  proxies: readonly string[];
}

async function cuts(url: string): Promise<readonly Cut[]> {
  const { faults } = (await (await fetch(`${url}/v1/faults`)).json()) as { faults: Cut[] };
  return faults.map(({ type, proxies }) => ({ type, proxies: proxies.toSorted() }));
}

const form = (page: Page, title: string) => page.locator('details', { has: page.getByText(title, { exact: true }) });
const settled = (page: Page, url: string, count: number) =>
  expect
    .poll(async () => (await cuts(url)).length, { timeout: 30_000 })
    .toBe(count)
    .then(() => page);

it('a person parts a group in a shape, and cuts another off one way', async () => {
  const links = MEMBERS.flatMap((from) => MEMBERS.filter((to) => to !== from).map((to) => `name=${from}->${to},upstream=127.0.0.1:9`));
  await using daemon = new Faultlab(['serve', '--ui', '--port', '0', ...links.flatMap((link) => ['--proxy', link])]);
  const [url = ''] = await daemon.says(/http:\/\/127\.0\.0\.1:\d+/);
  // Closed before the daemon is: a page whose stream breaks off says so in its console.
  await using page = await openPage(`${url}/ui/`, { expected: [/the server responded with a status of 400/] });
  page.setDefaultTimeout(30_000);

  const shape = form(page, 'Part a group in a shape');
  await shape.locator('summary').click();
  for (const name of MEMBERS.slice(0, 2)) await shape.getByLabel(name, { exact: true }).check();
  await shape.getByLabel('Shape', { exact: true }).selectOption('bridge');
  await shape.getByText(/expected at least 3 instances/).waitFor();
  await shape.getByLabel('m-3', { exact: true }).check();
  await shape.getByLabel('First to be chosen').selectOption('m-2');
  await shape.getByText(/bridge: m-[13] \| m-2 \| m-[13], m-2 sees all; 2 links/).waitFor();
  await shape.getByText(/Nothing has crossed in the last/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await shape.getByRole('button', { name: 'Part them' }).click();
  await settled(page, url, 1);
  expect(await cuts(url)).toEqual([{ type: 'blackhole', proxies: ['m-1->m-3', 'm-3->m-1'] }]);
  await page.getByRole('button', { name: /^Undo blackhole/ }).click();
  await settled(page, url, 0);

  const group = form(page, 'Cut off a group');
  await group.locator('summary').click();
  await group.getByLabel('m-1', { exact: true }).check();
  await group.getByLabel('Which way').selectOption('asking');
  await group.getByText('2 links between them and the others.').waitFor();
  await group.getByRole('button', { name: 'Refuse connections' }).click();
  await settled(page, url, 1);
  expect(await cuts(url)).toEqual([{ type: 'refuse', proxies: ['m-1->m-2', 'm-1->m-3'] }]);

  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overhangPx(page)).toBe(0);
}, 90_000);
