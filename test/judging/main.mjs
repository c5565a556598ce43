/**
 * `npm run bench:judge`: how long it takes, and how much memory, to read the journal of a long run back and to judge it with every check. Options: --help.
 * The reading and judging are done by a process of their own, so that nothing of the writing counts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeJournal } from './journal.mjs';
import { HELP, readOptions } from './options.mjs';
import { textOf } from './table.mjs';

const EXIT = { measured: 0, failed: 1, usage: 64 };
const OUTPUT_BYTES_MAX = 1 << 26;

function judgeIn({ journal, dist, profile }) {
  const program = fileURLToPath(new URL('judging.mjs', import.meta.url));
  const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
  const { status, stdout } = spawnSync(process.execPath, [...profiling, program, journal, dist], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (status !== 0) throw new Error('the judging process did not end well; what it said is above');
  return JSON.parse(stdout);
}

async function bench(options, folder) {
  const { checks: catalog } = await import(pathToFileURL(join(options.dist, 'verify/checks/catalog.js')).href);
  const path = options.journal ?? options.keep ?? join(folder, 'journal.jsonl');
  const { observations, ids } = options;
  if (options.journal === undefined) writeJournal({ path, observations, ids, catalog });
  const loadBefore = os.loadavg()[0];
  const figures = judgeIn({ ...options, journal: path });
  return { node: process.versions.node, cores: os.cpus().length, loadAverage: [loadBefore, os.loadavg()[0]], ...figures };
}

async function main() {
  let options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\nnpm run bench:judge -- --help tells the options.\n`);
    return EXIT.usage;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.measured;
  }
  const folder = mkdtempSync(join(os.tmpdir(), 'faultlab-judging-'));
  try {
    const result = await bench(options, folder);
    process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : textOf(result));
    return EXIT.measured;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
