/**
 * `npm run build`: compiles src into dist, and bundles the page of dashboards/live into dist/live. A build that fails leaves the last good one
 * alone, and one that would change nothing is skipped, so that `npm run gameday` starts at once. Options: --force builds whatever the dates say.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const pageDist = join(dist, 'live');
/** In each part's folder; its date is the start of the part's last good build. */
const STAMP = '.built';
const shared = ['package-lock.json', 'tsconfig.json'];
const programInputs = ['src', 'test/build.mjs', ...shared];
const pageInputs = ['dashboards/live', 'src', 'test/page.mjs', ...shared];

/** Modification time in ms; -Infinity where there is nothing. */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

/** The newest date at or under a path. Folders count too: theirs changes when a file in them is deleted. */
function newestMs(path) {
  const own = modifiedMs(path);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return own;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), own);
}

function isStale(inputs, folder) {
  const newest = Math.max(...inputs.map((path) => newestMs(join(root, path))));
  return process.argv.includes('--force') || newest >= modifiedMs(join(folder, STAMP));
}

/** Two renames rather than a deletion: whatever is running from there sees it missing for as short as can be. */
function swapIn(fresh, folder) {
  const old = `${fresh}-old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Builds beside `folder` and swaps it in only when it is whole. */
async function rebuild(folder, build) {
  const fresh = join(root, 'node_modules', '.cache', `faultlab-build-${process.pid}`);
  const startedAt = new Date();
  mkdirSync(fresh, { recursive: true });
  try {
    if (!(await build(fresh))) return false;
    writeFileSync(join(fresh, STAMP), '');
    // A source saved while the build was at work is newer than the build that may have missed it.
    utimesSync(join(fresh, STAMP), startedAt, startedAt);
    swapIn(fresh, folder);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function compileProgram(fresh) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [tsc, '-p', root, '--outDir', fresh, '--noEmitOnError'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) return false;
  if (existsSync(join(fresh, 'main.js'))) chmodSync(join(fresh, 'main.js'), 0o755);
  if (existsSync(pageDist)) cpSync(pageDist, join(fresh, 'live'), { recursive: true, preserveTimestamps: true });
  return true;
}

/** Vite is loaded only when it has something to do: it takes as long to load as the whole check of dates. */
async function bundlePage(fresh) {
  try {
    const { buildPage } = await import('./page.mjs');
    await buildPage(root, fresh);
    return true;
  } catch (error) {
    console.error(`dashboards/live: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

const isProgramGood = !isStale(programInputs, dist) || (await rebuild(dist, compileProgram));
// The page lies in the program's folder: where there is none yet, it waits for one.
const isPageGood = existsSync(dist) && (!isStale(pageInputs, pageDist) || (await rebuild(pageDist, bundlePage)));
if (!isProgramGood || !isPageGood) process.exitCode = 1;
