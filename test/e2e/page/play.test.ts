/** Systems to play with, as a person plays with them: real processes are stopped and go on, and what the texts say of them happens. */
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { forThisTest } from '../../support/for-this-test.js';
import { axeFindings, overhangPx, useChromium } from '../../support/page.js';
import { Faultlab, Scratch } from '../faultlab.js';

const openPage = useChromium();
/** The page tells every second; a busy machine a little later. */
const sees = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 200 });
const UP_WITHIN_MS = 120_000;

/** Brings a system up and opens its page. */
async function play(name: string, ...inputs: readonly string[]): Promise<{ page: Page; program: Faultlab }> {
  const { path: home } = forThisTest(await Scratch.create());
  const words = inputs.flatMap((input) => ['--var', input]);
  const program = forThisTest(new Faultlab(['lab', 'play', name, ...words, '--out', home], { home }));
  const [, url = ''] = await program.says(/play at (\S+);/, UP_WITHIN_MS);
  const page = await openPage(url, { expected: [/Failed to load resource|ERR_/] });
  page.setDefaultTimeout(30_000);
  await isUp(page);
  return { page, program };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const isUp = (page: Page) => button(page, 'I have seen enough').waitFor({ timeout: UP_WITHIN_MS });

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

const isBroken = (page: Page, promise: string) =>
  sees(async () =>
    expect(await page.locator('.promises li', { hasText: promise }).locator('.sign').getAttribute('class')).toContain('fail'),
  );

it('another member of the quorum leads while the leader stands still, and the old one steps back when it wakes up', async () => {
  const { page } = await play('quorum');
  const old = await whoIs(page, 'leader');
  const term = Number(await word(page, old, 'term'));
  await button(page, `Pause: ${old}`).click();
  const next = await whoIs(page, 'leader', old);
  expect(Number(await word(page, next, 'term'))).toBeGreaterThan(term);
  await button(page, `Let it go on: ${old}`).click();
  await sees(async () => expect(await word(page, old, 'role')).toBe('follower'));
  expect(await word(page, old, 'leader')).toBe(next);
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overhangPx(page)).toBe(0);
}, 240_000);

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
  const { page, program } = await play('lease');
  await wakeTheOldHolder(page, 'refused');
  expect(Number(await word(page, 'db-1', 'refused'))).toBeGreaterThan(0);
  expect(await word(page, 'db-1', 'stale')).toBe('0');

  await button(page, 'fencing: off').click();
  await page.getByText('Starting again with fencing off…').waitFor();
  const gate = new URL('/v1/gates/enough', page.url());
  expect(await answered(gate, { fencing: 'on' })).toMatchObject({ status: 404, error: expect.stringContaining('no gate "enough" waits') });
  await isUp(page);
  expect(await button(page, 'fencing: off').getAttribute('aria-pressed')).toBe('true');
  const wrong = await answered(gate, { fencing: 'maybe' });
  expect(wrong).toMatchObject({ status: 400, error: expect.stringContaining('expected one of on, off') });

  await wakeTheOldHolder(page, 'stale');
  expect(Number(await word(page, 'db-1', 'stale'))).toBeGreaterThan(0);
  expect(await word(page, 'db-1', 'refused')).toBe('0');
  program.child.kill('SIGINT');
  const { stdout } = await program.finished;
  expect(stdout.match(/report: .*report\.html/g)).toHaveLength(2);
}, 400_000);

/** As a script would ask for it. */
async function answered(gate: URL, inputs: Readonly<Record<string, string>>): Promise<{ status: number; error?: string }> {
  const response = await fetch(gate, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ decision: 'approved', by: 'script', inputs }),
  });
  return { status: response.status, ...((await response.json()) as { error?: string }) };
}

it('four generals who just obey are divided by one that lies, and the promise says so while it goes on', async () => {
  const { page } = await play('generals', 'depth=0');
  expect(await word(page, 'field-1', 'divided')).toBe('0');
  await button(page, 'Let it lie: gen-1').click();
  await sees(async () => expect(Number(await word(page, 'field-1', 'divided'))).toBeGreaterThan(0));
  await isBroken(page, 'generals-agree');
}, 240_000);

it('writes ordered by wall clocks are told as done and lost while one clock is ahead, and the promise says so', async () => {
  const { page } = await play('registers', 'stamps=wall');
  await button(page, 'Set its clock ahead: reg-1').click();
  await sees(async () => {
    const overruled = await Promise.all(['reg-2', 'reg-3'].map((name) => word(page, name, 'overruled')));
    expect(overruled.some((count) => Number(count) > 0)).toBe(true);
  });
  await isBroken(page, 'no-write-is-lost');
}, 240_000);

it('a short time-out is mistaken about a pause, and a long one is late about a crash', async () => {
  const { page } = await play('detectors');
  const says = (timeout: string) => word(page, 'watch-1', timeout);
  const mistakes = async (timeout: string) => Number(/(\d+) mistake/.exec(await says(timeout))?.[1]);
  await button(page, 'Pause: heart-1').click();
  await sees(async () => expect(await says('1s')).toContain('suspects'));
  await button(page, 'Let it go on: heart-1').click();
  await sees(async () => expect(await says('1s')).toMatch(/^trusts · [1-9]/));
  expect(await mistakes('3s')).toBeLessThanOrEqual(await mistakes('1s'));
  expect(await mistakes('1s')).toBeLessThanOrEqual(await mistakes('300ms'));
  await button(page, 'Crash: heart-1').click();
  await sees(async () => expect(await says('3s')).toMatch(/suspects, after [3-9]/));
  const [soonest, latest] = await Promise.all(
    ['300ms', '3s'].map(async (timeout) => Number(/after ([\d.]+) s/.exec(await says(timeout))?.[1])),
  );
  expect(soonest).toBeLessThan(latest ?? 0);
}, 240_000);

it('without a retry budget the shop does not come back after a pause that is long over', async () => {
  const { page } = await play('shop', 'budget=off');
  const perSecond = async () => (await page.locator('.goodput strong').allTextContents()).map(Number.parseFloat);
  await sees(async () => expect((await perSecond())[0]).toBeGreaterThan(10));
  await button(page, 'Pause: ord-1').click();
  await sees(async () => expect((await perSecond())[1]).toBeGreaterThan(0));
  await page.waitForTimeout(3_000);
  await button(page, 'Let it go on: ord-1').click();
  // With a budget all is well again by then.
  await page.waitForTimeout(12_000);
  const [answeredWell = 0, lost = 0] = await perSecond();
  expect(lost).toBeGreaterThan(answeredWell);
}, 240_000);
