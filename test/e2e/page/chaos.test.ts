/** Chaos by hand on a real run, as a person does it: what he sees is what the links and processes live through, and all of it stands in the report. */
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { Scratch } from '../faultlab.js';
import { journalOf, newestRun } from '../small-run.js';
import { CTRL_C, Terminal } from '../terminal.js';

const openPage = useChromium();
/** The page tells every second; a busy machine a little later. */
const sees = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 30_000, interval: 200 });

/** What the details say of the selected link. */
const figure = (page: Page, term: string): Promise<string | null> =>
  page
    .getByRole('region', { name: /^Last \d+ seconds/ })
    .locator('div', { has: page.getByText(term, { exact: true }) })
    .locator('dd')
    .textContent({ timeout: 2_000 });
const byHand = (page: Page) => page.getByRole('region', { name: 'Faults by hand' });

async function drawCut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Draw a cut' }).click();
  const sheet = await page.locator('.cut-sheet').boundingBox();
  if (sheet === null) throw new Error('nowhere to draw');
  const x = sheet.x + sheet.width * 0.62;
  await page.mouse.move(x, sheet.y + 4);
  await page.mouse.down();
  await page.mouse.move(x, sheet.y + sheet.height / 2, { steps: 4 });
  await page.mouse.move(x, sheet.y + sheet.height - 4, { steps: 4 });
  await page.mouse.up();
}

it('a person puts faults on, sees what they do, takes them back, and halts', async () => {
  await using scratch = await Scratch.create();
  const runs = `${scratch.path}/runs`;
  const slow = ['--var', 'rate=12/s'];
  await using terminal = new Terminal(['run', 'experiments/gray-failure.yaml', '--ui', '--out', runs, '--report', 'json', ...slow], {
    env: { FAULTLAB_HOME: scratch.path },
  });
  await terminal.shows(/dashboard: http:\/\/\S+\/ui\//);
  const url = /dashboard: (http:\/\/\S+\/ui\/)/.exec(terminal.text)?.[1] ?? '';
  await terminal.shows(/gateway-1 is ready|baseline/);
  const page = await openPage(`${url}#/live?link=${encodeURIComponent('gateway-1->inventory-1')}`, {
    expected: [/Failed to load resource/],
  });
  page.setDefaultTimeout(30_000);

  await page.getByRole('button', { name: 'gray', exact: true }).click();
  await sees(async () => expect(await figure(page, 'touched by faults')).toMatch(/^[1-9]/));
  await sees(async () => expect(await figure(page, 'errors')).toMatch(/^[1-9]/));
  await page.getByText('Any fault of the catalog').click();
  await page.getByLabel('Fault', { exact: true }).selectOption('delay');
  await page.getByText(/requests of the last 10 s/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Remove abort/ }).click();
  await byHand(page).getByText('None is on.').waitFor();
  await page.getByRole('button', { name: /^Undo the end of abort/ }).click();
  await page.getByRole('button', { name: /^Remove abort/ }).waitFor();

  await page.goto(`${url}#/live?instance=inventory-2`);
  await page.getByRole('button', { name: 'Pause: inventory-2' }).click();
  await page.getByText('Its process is paused.').waitFor();
  await page.getByRole('button', { name: 'Let it go on: inventory-2' }).click();
  await page.getByText('Its process is ready.').waitFor();

  await drawCut(page);
  await page.getByRole('heading', { name: 'Cut these links?' }).waitFor();
  await page.getByRole('button', { name: 'Cut silently' }).click();
  await byHand(page)
    .getByText(/blackhole on gateway-1->/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Undo blackhole/ }).click();
  await sees(async () =>
    expect(
      await byHand(page)
        .getByText(/blackhole on/)
        .count(),
    ).toBe(0),
  );

  // The same without a mouse.
  await page.getByText('Cut off a group').focus();
  await page.keyboard.press('Enter');
  const group = page.locator('details', { has: page.getByText('Cut off a group') });
  await group.getByLabel('inventory-5', { exact: true }).focus();
  await page.keyboard.press('Space');
  await group.getByRole('button', { name: 'Refuse connections' }).focus();
  await page.keyboard.press('Enter');
  await byHand(page)
    .getByText(/refuse on gateway-1->inventory-5/)
    .first() // the button that undoes it has its words, too
    .waitFor();

  await page.getByRole('button', { name: 'Halt', exact: true }).click();
  await page.getByLabel('Why').fill('customers are hurt');
  await page.getByRole('button', { name: 'Halt everything' }).click();
  await page.getByRole('alert').getByText('customers are hurt').waitFor();
  await byHand(page).getByText('None is on.').waitFor();
  await terminal.shows(/The dashboard stays at/);
  expect(terminal.text).toContain('put on by hand by somebody at the page');
  await page.getByRole('button', { name: 'Lift the halt' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overhangPx(page)).toBe(0);
  terminal.type(CTRL_C);
  expect(await terminal.finished).toBe(4);

  const told = (await journalOf(await newestRun(runs))).filter((event) => event.type === 'handFault');
  const lives = told.map(({ performs, change }) => `${performs} ${change}`);
  expect(lives).toEqual(expect.arrayContaining(['abort applied', 'abort healed', 'pause intended', 'pause healed', 'refuse halted']));
}, 180_000);
