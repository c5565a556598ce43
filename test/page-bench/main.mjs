/**
 * `npm run bench:page`: what the page costs, measured on the compiled program. An hour of 100 links comes over the wire as a run would tell it and goes on every
 * second; a real browser draws it, and the daemon is watched with no page, one and five. Then a real game day runs with its page open and without.
 */
import { parseArgs } from 'node:util';
import { launchChromium } from '../support/chromium.mjs';
import { daemonCost } from './daemon-cost.mjs';
import { frames } from './frames.mjs';
import { ToldHour } from './told-hour.mjs';
import { watchedRuns } from './watched-runs.mjs';

const USAGE = `usage: npm run bench:page -- [--seconds N] [--runs N]

  --seconds N  how long frames and processor time are measured (default 20)
  --runs N     game days with the page open, and as many without (default 2; 0: none)
  --help       this`;

const options = { seconds: { type: 'string', default: '20' }, runs: { type: 'string', default: '2' }, help: { type: 'boolean' } };
const { values } = parseArgs({ options });
const [seconds, runs] = [Number(values.seconds), Number(values.runs)];
if (values.help) {
  console.log(USAGE);
} else if (!(seconds >= 1) || !(Number.isInteger(runs) && runs >= 0)) {
  console.error(USAGE);
  process.exitCode = 64;
} else {
  const browser = await launchChromium();
  try {
    const hour = await ToldHour.begin();
    try {
      console.log(await frames({ browser, hour, seconds }));
      console.log(await daemonCost({ browser, hour, seconds }));
    } finally {
      await hour.end();
    }
    if (runs > 0) console.log(await watchedRuns({ browser, runs }));
  } finally {
    await browser.close();
  }
}
