/** `npm run soak`: the kills of the safety suite for as long as one likes. Exit codes: 0 every run was left clean, 1 one was not, 64 usage. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLongRun } from '../support/long-run.mjs';

const USAGE = `usage: npm run soak -- [--minutes N] [--seed S]

Starts runs, three at a time, and kills each at an instant of its own. After every kill
no fault may be left longer than its lease, no service may still run, and the journal must
be judged as what it is; at the end a run that nobody disturbs has to pass, and no process
may be left. It ends at the first that is not so, and says which.

  --minutes N   how long; fractions are fine              (default 10)
  --seed S      a whole number below 2^31: the same draws (default: any)
  --help        this`;

const root = fileURLToPath(new URL('../..', import.meta.url));

const { minutes, seed, isHelp } = readLongRun(USAGE, { minutes: '10' });
if (isHelp) {
  console.log(USAGE);
} else {
  console.log(`${minutes} min, --seed ${seed}`);
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const env = { ...process.env, FAULTLAB_SOAK_MINUTES: String(minutes), FAULTLAB_TEST_SEED: String(seed) };
  const { status } = spawnSync(vitest, ['run', '--config', 'test/vitest.config.ts', 'test/e2e/kills.test.ts'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  process.exitCode = status === 0 ? 0 : 1;
}
