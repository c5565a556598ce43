/** Systems to play with, as a person plays with them: real processes are stopped and go on, and what the texts say of them happens. */
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { Faultlab, Scratch } from '../faultlab.js';

const openPage = useChromium();
/** The page tells every second; a busy machine a little later. */
const sees = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 30_000, interval: 200 });

async function opened(program: Faultlab): Promise<Page> {
  const [, url = ''] = await program.says(/play at (\S+);/);
  await program.says(/Have you seen enough/);
  const page = await openPage(url, { expected: [/Failed to load resource|ERR_/] });
  page.setDefaultTimeout(30_000);
  return page;
}

/** Who says of himself that he has the role. */
async function whoIs(page: Page, role: string, besides?: string): Promise<string> {
  const holders = page.locator('.instances > li', { has: page.locator(`.role.${role}`) });
  let found: string | null = null;
  await sees(async () => {
    found = await holders.first().getAttribute('data-instance', { timeout: 1_000 });
    expect(found).not.toBe(besides ?? null);
  });
  return found ?? '';
}

const word = async (page: Page, instance: string, key: string): Promise<string> =>
  (await page
    .locator(`[data-instance="${instance}"] .words > div`, { has: page.getByText(key, { exact: true }) })
    .locator('dd')
    .textContent({ timeout: 5_000 })) ?? '';

it('another member of the quorum leads while the leader stands still, and the old one steps back when it wakes up', async () => {
  await using scratch = await Scratch.create();
  await using program = new Faultlab(['lab', 'play', 'quorum', '--out', scratch.path], { home: scratch.path });
  const page = await opened(program);
  const old = await whoIs(page, 'leader');
  const term = Number(await word(page, old, 'term'));
  await page.getByRole('button', { name: `Pause: ${old}` }).click();
  const next = await whoIs(page, 'leader', old);
  expect(Number(await word(page, next, 'term'))).toBeGreaterThan(term);
  await page.getByRole('button', { name: `Let it go on: ${old}` }).click();
  await sees(async () => expect(await word(page, old, 'role')).toBe('follower'));
  expect(await word(page, old, 'leader')).toBe(next);
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overhangPx(page)).toBe(0);
}, 120_000);

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Stops the holder for longer than its lock lasts, and lets it go on, until the store has counted what it wrote. */
async function wakeTheOldHolder(page: Page, counted: 'refused' | 'stale'): Promise<void> {
  // A job has to be under way when the holder is stopped; nearly always one is.
  for (let tries = 1; tries <= 4; tries += 1) {
    const holder = await whoIs(page, 'holder');
    await button(page, `Pause: ${holder}`).click();
    await whoIs(page, 'holder', holder);
    await button(page, `Let it go on: ${holder}`).click();
    await sees(async () => expect(await word(page, holder, 'role')).toBe('waiting'));
    // What it says of itself comes once a second.
    await page.waitForTimeout(1_000);
    if (Number(await word(page, 'db-1', counted)) > 0) return;
  }
}

it('what the old holder of a lock writes when it wakes up is refused; fencing is switched off by a click, and it is taken', async () => {
  await using scratch = await Scratch.create();
  await using program = new Faultlab(['lab', 'play', 'lease', '--out', scratch.path], { home: scratch.path });
  const page = await opened(program);
  await wakeTheOldHolder(page, 'refused');
  expect(Number(await word(page, 'db-1', 'refused'))).toBeGreaterThan(0);
  expect(await word(page, 'db-1', 'stale')).toBe('0');

  await button(page, 'fencing: off').click();
  await page.getByText('Starting again with fencing off…').waitFor();
  const gate = new URL('/v1/gates/enough', page.url());
  const early = await answered(gate, { fencing: 'on' });
  expect(early).toMatchObject({ status: 404, error: expect.stringContaining('no gate "enough" waits') });
  await button(page, 'I have seen enough').waitFor({ timeout: 60_000 });
  expect(await button(page, 'fencing: off').getAttribute('aria-pressed')).toBe('true');
  expect(await answered(gate, { fencing: 'maybe' })).toMatchObject({
    status: 400,
    error: expect.stringContaining('expected one of on, off'),
  });

  await wakeTheOldHolder(page, 'stale');
  expect(Number(await word(page, 'db-1', 'stale'))).toBeGreaterThan(0);
  expect(await word(page, 'db-1', 'refused')).toBe('0');
  program.child.kill('SIGINT');
  const { stdout } = await program.finished;
  expect(stdout.match(/report: .*report\.html/g)).toHaveLength(2);
}, 180_000);

/** As a script would ask for it. */
async function answered(gate: URL, inputs: Readonly<Record<string, string>>): Promise<{ status: number; error?: string }> {
  const response = await fetch(gate, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ decision: 'approved', by: 'script', inputs }),
  });
  return { status: response.status, ...((await response.json()) as { error?: string }) };
}
