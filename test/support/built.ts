/**
 * The compiled programs, for tests that start real processes. `dist` is used when it is newer than every source; else a private copy is compiled,
 * so that a test never runs yesterday's code and never swaps `dist` under somebody who is running from it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string | undefined;

/** Path of a compiled file: `built('lab/shop/gateway.js')`. Compiles at most once in a test process. */
export function built(file: string): string {
  folder ??= isCurrent(join(root, 'dist', '.built')) ? join(root, 'dist') : compile();
  return join(folder, file);
}

function isCurrent(stamp: string): boolean {
  return existsSync(stamp) && newestMs(join(root, 'src')) < statSync(stamp).mtimeMs;
}

function newestMs(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), own.mtimeMs);
}

function compile(): string {
  // Under the project, so that imports find its node_modules; marked as a module, because node looks for that no further up than node_modules.
  const out = join(root, 'node_modules', '.cache', `faultlab-test-${process.pid}`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n');
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  // Type errors are the type check's business: a file that is wrong elsewhere must not keep this one from being tested.
  const { error } = spawnSync(process.execPath, [tsc, '-p', root, '--outDir', out, '--noEmitOnError', 'false'], { stdio: 'ignore' });
  if (error !== undefined) throw error;
  return out;
}
