/**
 * `npm run screenshots`: takes the README's pictures of the dashboard, in Debian's Chromium, from a real run of
 * `experiments/gray-failure.yaml` that is watched while it goes on, and from a system to play with. It takes about two minutes.
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

/** On a machine that has other things to do: `npm run screenshots -- --var rate=50/s`. */
const more = process.argv.slice(2);
const experiment = join(root, 'experiments', 'gray-failure.yaml');
const programs = [];
const program = (...words) => {
  const started = start(words, { FAULTLAB_HOME: scratch });
  programs.push(started);
  return started;
};

const browser = await launchChromium();
try {
  const daemon = program('serve', '--ui', '--port', '0', '--json', '--runs', runs);
  const { url } = JSON.parse((await daemon.says(/^\{.*\}$/m))[0]);
  const watched = program('run', experiment, '--json', '--connect', url, '--out', runs, '--report', 'json', ...more);
  const play = (system) => program('lab', 'play', system, '--out', runs);
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'light' });
  page.setDefaultTimeout(60_000);
  for (const { name, takes } of shots({ page, url, watched, play })) {
    const part = await takes();
    const path = join(target, `${name}.png`);
    await (part ?? page).screenshot({ path });
    console.log(path);
  }
} finally {
  await browser.close();
  // The last first: who uses a daemon ends before it.
  for (const started of programs.reverse()) {
    started.end();
    await started.ended;
  }
  rmSync(scratch, { recursive: true, force: true });
}
