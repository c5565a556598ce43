/**
 * `node test/docs/picture.mjs runs/RUN/report.html`: takes the README's picture from the report of a real run, in Debian's Chromium. Run by
 * hand after `npm run gameday` when the page has changed.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launchChromium } from '../support/chromium.mjs';

const [report] = process.argv.slice(2);
if (report === undefined) {
  console.error('expected the path of a report.html, like runs/20261121T102327Z-gray-failure-b5cd2e/report.html');
  process.exit(64);
}
const target = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dashboards', 'gray-failure.png');
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(report).href);
  const top = await page.locator('#timeline').boundingBox();
  const bottom = await page.locator('#links').boundingBox();
  if (top === null || bottom === null) throw new Error('the page has no timeline');
  const clip = { x: 0, y: top.y - 16, width: 1180, height: bottom.y - top.y };
  await page.screenshot({ path: target, fullPage: true, clip });
  console.log(target);
} finally {
  await browser.close();
}
