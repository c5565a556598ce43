/**
 * The dashboard in Debian's Chromium, one browser for a test file. A page that logs an error, throws, or breaks its own security policy fails the
 * test in which it does so, whatever that test looks at.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from './chromium.mjs';

export interface PageOptions {
  colorScheme?: 'light' | 'dark';
  /** 1180 × 900 if omitted; a phone is 390 × 844. */
  viewport?: { width: number; height: number };
  /** Problems that belong to the test: a daemon that is gone cannot be reached. */
  expected?: readonly RegExp[];
}

export type OpenPage = (url: string, options?: PageOptions) => Promise<Page>;

/** Call it once at the top of a test file; what it returns opens pages, in hooks and in tests. They are closed with the file. `args`: of the browser. */
export function useChromium({ args = [] }: { args?: readonly string[] } = {}): OpenPage {
  let browser: Browser | undefined;
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium({ args });
  });
  afterEach(() => {
    expect(problems.splice(0), 'what the page complained of').toEqual([]);
  });
  afterAll(() => browser?.close());
  return async (url, { colorScheme = 'light', viewport = { width: 1180, height: 900 }, expected = [] } = {}) => {
    if (browser === undefined) throw new Error('the browser is started before the first test of the file');
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const note = (text: string): void => {
      if (!expected.some((pattern) => pattern.test(text))) problems.push(text);
    };
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') note(message.text());
    });
    page.on('pageerror', (error) => note(error.stack ?? error.message));
    await page.goto(url);
    return page;
  };
}

let axe: string | undefined;

interface AxeResults {
  violations: readonly { id: string; help: string; nodes: readonly { html: string; failureSummary?: string }[] }[];
}

/** What axe finds wrong with the page as it stands, a line each; none is what is wanted. */
export async function axeFindings(page: Page): Promise<string[]> {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`));
}

/** By how many pixels the page is wider than its window: on a phone nothing may stick out. */
export async function overhangPx(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number;
}
