/** The same game day with its page open and without: verdict and figures side by side. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from '../screenshots/program.mjs';

const EXPERIMENT = fileURLToPath(new URL('../../experiments/gray-failure.yaml', import.meta.url));

export async function watchedRuns({ browser, runs }) {
  const lines = [];
  for (let number = 1; number <= runs; number++) {
    for (const isWatched of [false, true]) lines.push(...(await oneRun({ browser, isWatched })));
  }
  return ['gray-failure, without the page and with it', ...lines].join('\n');
}

async function oneRun({ browser, isWatched }) {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-page-bench-'));
  const daemon = start(['serve', '--port', '0', '--json', ...(isWatched ? ['--ui'] : [])], { FAULTLAB_HOME: folder });
  const context = await browser.newContext();
  try {
    const { url } = JSON.parse((await daemon.says(/^\{.*\}$/m))[0]);
    if (isWatched) await (await context.newPage()).goto(`${url}/ui/`);
    const run = start(['run', EXPERIMENT, '--json', '--connect', url, '--out', folder, '--report', 'json'], { FAULTLAB_HOME: folder });
    await run.ended;
    return said(JSON.parse(readFileSync(reportIn(folder), 'utf8')), isWatched);
  } finally {
    await context.close();
    daemon.end();
    await daemon.ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportIn(folder) {
  const [run] = readdirSync(folder).filter((name) => name.includes('gray-failure'));
  return join(folder, run, 'report.json');
}

function said({ verdict, exit, findings }, isWatched) {
  const figures = findings.flatMap(({ measurements }) => measurements.filter(({ unit }) => unit === 'ms'));
  return [
    `  ${isWatched ? 'with the page' : 'without'}: ${verdict}, exit code ${exit.code}`,
    ...findings.map(({ name, verdict: own }) => `    ${own.padEnd(12)} ${name}`),
    ...figures.map(({ name, value }) => `    ${String(typeof value === 'number' ? Math.round(value) : value).padStart(8)} ms  ${name}`),
  ];
}
