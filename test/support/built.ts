/**
 * The compiled programs, for tests that start real processes. `dist` is used when it is newer than every source; else a private copy is compiled,
 * so that a test never runs yesterday's code and never swaps `dist` under somebody who is running from it. Test processes share that copy.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Under the project, so that imports find its node_modules. */
const cache = join(root, 'node_modules', '.cache');
const PREFIX = 'faultlab-test-';
/** Copies older than this are nobody's any more. */
const KEPT_MS = 3_600_000;

let folder: string | undefined;

/** Path of a compiled file: `built('lab/shop/gateway.js')`. Compiles at most once for one state of the sources. */
export function built(file: string): string {
  folder ??= find();
  return join(folder, file);
}

function find(): string {
  const sourceMs = newestMs(join(root, 'src'));
  const stamp = statSync(join(root, 'dist', '.built'), { throwIfNoEntry: false });
  if (stamp !== undefined && sourceMs < stamp.mtimeMs) return join(root, 'dist');
  const copy = join(cache, `${PREFIX}${sourceMs}`);
  if (!existsSync(copy)) compileInto(copy);
  return copy;
}

function newestMs(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), own.mtimeMs);
}

/** Compiles beside `copy` and renames, so that the copy is whole as soon as it is there. */
function compileInto(copy: string): void {
  const fresh = `${copy}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  removeOld();
  // node looks no further up than node_modules for what kind of modules these are.
  writeFileSync(join(fresh, 'package.json'), '{"type":"module"}\n');
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  // Type errors are the type check's business: a file that is wrong elsewhere must not keep this one from being tested.
  const { error } = spawnSync(process.execPath, [tsc, '-p', root, '--outDir', fresh, '--noEmitOnError', 'false'], { stdio: 'ignore' });
  if (error !== undefined) throw error;
  try {
    renameSync(fresh, copy);
  } catch (renameError) {
    // Another test process was faster, with the same result.
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(copy)) throw renameError;
  }
}

function removeOld(): void {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith(PREFIX))) {
    const path = join(cache, name);
    const madeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - madeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
