/**
 * `npm test`: every gate, all of them even when one fails, and one line at the end that says `N passed, N failed`. The tests are
 * counted from vitest's own JSON; a gate before them that fails counts as one failure. Arguments are handed to vitest: `npm test -- wire`.
 * With CI=true a skipped test is a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Gates before the tests. Those of a group run side by side; types and lint of the tests look at what the build has made. */
const groups = [
  [
    { name: 'build', command: process.execPath, args: [join(root, 'test', 'build.mjs')] },
    { name: 'biome', command: bin('biome'), args: ['check', '--error-on-warnings', '.'] },
  ],
  [
    { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', 'test'] },
    { name: 'types of the page', command: bin('tsc'), args: ['--noEmit', '-p', 'dashboards/live'] },
    {
      name: 'oxlint',
      command: bin('oxlint'),
      args: ['-c', 'test/oxlint.json', '--type-aware', '--deny-warnings', 'src', 'test', 'dashboards/live'],
    },
  ],
];

/** What it says comes when it has ended, so that the words of two never mix. Resolves with whether it passed. */
function pass({ name, command, args }) {
  const gate = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [gate.stdout, gate.stderr]) stream.on('data', (chunk) => said.push(chunk));
  gate.once('error', (error) => said.push(Buffer.from(`${name}: ${error.message}\n`)));
  return new Promise((resolve) => {
    gate.once('close', (code) => {
      process.stdout.write(`\n── ${name}\n${Buffer.concat(said)}`);
      resolve(code === 0);
    });
  });
}

async function passGroups() {
  const failed = [];
  for (const group of groups) {
    const passed = await Promise.all(group.map(pass));
    failed.push(...group.filter((_, i) => !passed[i]).map(({ name }) => name));
  }
  return failed;
}

function run({ name, command, args }) {
  console.log(`\n── ${name}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`${name}: ${error.message}`);
  return status === 0;
}

/** What vitest counted, or nothing when it died before it could say. */
function readCounts(file) {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8'));
    const unloaded = json.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0);
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests + unloaded.length,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch (error) {
    console.error(`vitest left no result: ${error.message}`);
    return undefined;
  }
}

function runTests(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-test-'));
  const file = join(folder, 'vitest.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const args = ['run', '--config', 'test/vitest.config.ts', ...reporters, ...filters];
    const ok = run({ name: 'tests', command: bin('vitest'), args });
    const counts = readCounts(file) ?? { passed: 0, failed: 0, skipped: 0 };
    // vitest also fails for what is no test's fault, an unhandled rejection for one.
    if (!ok && counts.failed === 0) counts.failed = 1;
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const failedGates = await passGroups();
const { passed, failed, skipped } = runTests(process.argv.slice(2));

const skipsForbidden = process.env.CI === 'true' && skipped > 0;
if (failedGates.length > 0) console.log(`\nfailed before the tests: ${failedGates.join(', ')}`);
if (skipsForbidden) console.log(`\n${skipped} skipped: under CI=true every test has to run, so they count as failed`);
const failedTotal = failed + failedGates.length + (skipsForbidden ? skipped : 0);
if (failedTotal > 0) process.exitCode = 1;
console.log(`\n${passed} passed, ${failedTotal} failed${skipped > 0 && !skipsForbidden ? `, ${skipped} skipped` : ''}`);
