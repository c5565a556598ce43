/**
 * `npm run bench:verdicts`: holds what the checks infer against what products with a known defence really did. Compiles the suite, which is
 * TypeScript, beside the node_modules that it imports, and runs it; arguments are handed on, and `--help` tells them.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'node_modules', '.cache', 'faultlab-verdicts');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

const compiled = run([tsc, '-p', join(root, 'test', 'verdicts'), '--outDir', built]);
// Cycles make much that is soon forgotten: with little room for it half of the time would go into moving it.
const ROOM = '--max-semi-space-size=64';
process.exitCode = compiled === 0 ? run([ROOM, join(built, 'test', 'verdicts', 'bench.js'), ...process.argv.slice(2)]) : compiled;
