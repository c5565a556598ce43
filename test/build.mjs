/**
 * `npm run build`: compiles src into dist. A build that fails leaves the last good dist alone, and one that would change nothing is skipped, so
 * that `npm run gameday` starts at once. Options: --force builds whatever the dates say.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** Its date is the start of the last good build. */
const stamp = join(dist, '.built');
const inputs = ['src', 'tsconfig.json', 'package-lock.json', 'test/build.mjs'].map((path) => join(root, path));

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

/** Two renames rather than a deletion: whatever is running from dist sees it missing for as short as can be. */
function swapIn(fresh) {
  const old = `${fresh}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Compiles beside dist and swaps it in only when it is whole. */
function compile() {
  const fresh = join(root, 'node_modules', '.cache', `faultlab-build-${process.pid}`);
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const startedAt = new Date();
  mkdirSync(fresh, { recursive: true });
  try {
    const args = [tsc, '-p', root, '--outDir', fresh, '--noEmitOnError'];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) return false;
    if (existsSync(join(fresh, 'main.js'))) chmodSync(join(fresh, 'main.js'), 0o755);
    writeFileSync(join(fresh, '.built'), '');
    // A source saved while the compiler was at work is newer than the build that may have missed it.
    utimesSync(join(fresh, '.built'), startedAt, startedAt);
    swapIn(fresh);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const stale = process.argv.includes('--force') || Math.max(...inputs.map(newestMs)) >= modifiedMs(stamp);
if (stale && !compile()) process.exitCode = 1;
