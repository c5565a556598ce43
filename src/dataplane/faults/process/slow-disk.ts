/**
 * A disk that takes its time, for some processes alone. What a reader gets wrong: a plain `read` or `write` does not wait, because it may as well be a
 * socket's; what waits is what only files know: flushing, and reading and writing at a place. That is where databases and logs wait for a disk.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineProcessFault } from '../process-fault.js';

const LATENCY_MS_MAX = 60_000;

export const slowDisk = defineProcessFault({
  name: 'slowDisk',
  summary: 'Let the processes wait for their files: each fsync, fdatasync, pread and pwrite takes longer (by strace).',
  schema: z.strictObject({
    latency: duration({ minMs: 1, maxMs: LATENCY_MS_MAX }).meta({ description: 'what each of these calls takes longer, like 100ms' }),
  }),
  example: { latency: '100ms' },
  act: ({ latency }) => ({ kind: 'slowFiles', latencyMs: latency }),
});
