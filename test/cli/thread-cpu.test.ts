import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { threadCpuMs } from '../../src/cli/thread-cpu.js';

it.runIf(existsSync('/proc/thread-self/schedstat'))('counts work and no waiting', async () => {
  const startedMs = threadCpuMs();
  await sleep(300);
  const waitedMs = threadCpuMs() - startedMs;
  const hash = createHash('sha256');
  while (threadCpuMs() - startedMs - waitedMs < 50) hash.update('x'.repeat(100_000));
  expect(waitedMs).toBeLessThan(150);
});
