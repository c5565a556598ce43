/** The page in a real browser, looked over by axe: what somebody with a keyboard or a screen reader cannot use is a defect. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html } from '../../src/reports/html.js';
import { launchChromium } from '../support/chromium.mjs';
import { peopledReport } from '../support/journal.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const page = html.render(peopledReport({ ratePerSecond: 6, pace: 0.1, bad: true, ejection: false }));
const SCREENS = {
  light: { viewport: { width: 1240, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1240, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
} as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser.close());

/** What axe objects to, and whether the page is wider than the screen. */
async function lookOver(markup: string, screen: keyof typeof SCREENS): Promise<{ violations: string[]; isTooWide: boolean }> {
  await using context = await browser.newContext(SCREENS[screen]);
  const tab = await context.newPage();
  await tab.setContent(markup);
  // The page's own policy forbids scripts; those of the browser's debugger are not the page's.
  return (await tab.evaluate(
    `${axe}; axe.run(document).then(({ violations }) => ({
      violations: violations.map(({ id, nodes }) => id + ': ' + nodes[0].html),
      isTooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    }))`,
  )) as { violations: string[]; isTooWide: boolean };
}

describe('the page in a browser', () => {
  it.each(['light', 'dark', 'phone'] as const)(
    'can be read by everybody, and needs no scrolling sideways: %s',
    async (screen) => {
      expect(await lookOver(page, screen)).toEqual({ violations: [], isTooWide: false });
    },
    60_000,
  );

  it('would be found out with grey text on grey, or a table as wide as a wall', async () => {
    const spoilt = page
      .replaceAll('--soft:#566172', '--soft:#c9cdd3')
      .replace('<main>', '<main><table style="width:3000px"><tr><td>x</td></tr></table>');
    const { violations, isTooWide } = await lookOver(spoilt, 'light');
    expect(violations.join()).toContain('color-contrast');
    expect(isTooWide).toBe(true);
  }, 60_000);
});
