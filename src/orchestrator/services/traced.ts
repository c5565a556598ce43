/**
 * Processes whose system calls are held up: one strace for each group, which the kernel ends with whoever started it. What a reader
 * gets wrong: a tracer needs no rights over a process of the same user, unless the machine says otherwise; and when it is gone, in whatever way, all
 * calls go on as they were.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Deed } from './kept.js';
import { membersOf } from './processes.js';

/** Calls that only files know: a plain `read` or `write` may be a socket's. `?` where not every machine has them. */
const FILE_CALLS = 'fsync,fdatasync,sync_file_range,syncfs,pread64,pwrite64,preadv,pwritev,?preadv2,?pwritev2';
const US_PER_MS = 1_000;
/** What follows is ended with its parent, also if that is killed. */
const MORTAL = ['--pdeathsig', 'TERM'] as const;
const PROGRAM = 'strace';
/** At 0 whoever has the same user may trace; above it only parents, root, or nobody. */
const SCOPE_FILE = '/proc/sys/kernel/yama/ptrace_scope';

/** From now on all processes of the group, and whom they start, wait so much longer for their files. */
export function withSlowFiles({ pid, latencyMs }: { pid: number; latencyMs: number }): Deed {
  const calls = ['-e', `trace=${FILE_CALLS}`, '-e', `inject=${FILE_CALLS}:delay_enter=${Math.round(latencyMs * US_PER_MS)}`];
  const whom = membersOf(pid).flatMap((member) => ['-p', String(member)]);
  const argv = [...MORTAL, PROGRAM, '-f', '-qq', '-o', '/dev/null', ...calls, ...whom];
  let stop = (): void => {};
  const turn = (): number => {
    const tracer = spawn('setpriv', argv, { stdio: 'ignore' });
    // It is missing, or not allowed: whoever asked looks at the process and finds it free.
    tracer.on('error', () => {});
    stop = () => void tracer.kill('SIGTERM');
    return Number.POSITIVE_INFINITY;
  };
  return { turn, undo: () => stop() };
}

/** Whether somebody holds up its calls: all of its threads, or none; `partly` while a tracer comes or goes. */
export function isTraced(pid: number): 'traced' | 'partly' | 'free' | 'gone' {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => tracerOf(pid, thread) !== '0');
    if (threads.every(Boolean)) return 'traced';
    return threads.some(Boolean) ? 'partly' : 'free';
  } catch {
    return 'gone';
  }
}

/** Why calls cannot be held up here, in half a sentence; undefined if they can. */
export function whyNoTracing(program = PROGRAM, scope = scopeOf(SCOPE_FILE)): string | undefined {
  const { error, status } = spawnSync('setpriv', [...MORTAL, program, '-V'], { stdio: 'ignore' });
  if (error !== undefined) return `setpriv cannot be run: ${error.message}`;
  if (status !== 0) return `${program} cannot be run by setpriv (exit code ${status})`;
  const mayTrace = scope === 0 || (scope < 3 && process.getuid?.() === 0);
  return mayTrace ? undefined : `kernel.yama.ptrace_scope is ${scope}, so this user may not trace`;
}

function tracerOf(pid: number, thread: string): string {
  return /^TracerPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1'))?.[1] ?? '0';
}

/** A machine without that file lets everybody trace his own. */
function scopeOf(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1'));
  } catch {
    return 0;
  }
}
