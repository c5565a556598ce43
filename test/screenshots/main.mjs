/**
 * `npm run screenshots`: takes the README's pictures of the dashboard, in Debian's Chromium, from real runs of `experiments/gray-failure.yaml`: one without
 * its breaker, to be compared with, and one that is watched while it goes on. It takes about three minutes.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../support/chromium.mjs';
import { start } from './program.mjs';
import { shots } from './shots.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = join(root, 'dashboards', 'screenshots');
const scratch = mkdtempSync(join(tmpdir(), 'faultlab-screenshots-'));
const runs = join(scratch, 'runs');
mkdirSync(runs);
mkdirSync(target, { recursive: true });

const experiment = join(root, 'experiments', 'gray-failure.yaml');
const home = { FAULTLAB_HOME: scratch };
const daemon = start(['serve', '--ui', '--port', '0', '--json', '--runs', runs, '--allow-runs'], home);
const browser = await launchChromium();
try {
  const { url } = JSON.parse(await daemon.says(/^\{.*\}$/m));
  const run = (...more) => start(['run', experiment, '--json', '--connect', url, '--out', runs, '--report', 'json', ...more], home);
  console.error('a run without its breaker, to compare with');
  await run('--var', 'breaker=off', '--var', 'act=8s').ended;
  console.error('the run that is watched');
  const watched = run();
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'light' });
  page.setDefaultTimeout(60_000);
  for (const { name, takes } of shots({ page, url, watched })) {
    await takes();
    const path = join(target, `${name}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
} finally {
  await browser.close();
  daemon.end();
  await daemon.ended;
  rmSync(scratch, { recursive: true, force: true });
}
