/**
 * The size beyond which processes may write no file. Only the soft limit is set, so that it can be taken back without rights. What a
 * reader gets wrong: a limit belongs to a process, so it is set for all of a group, and taken back also from those that were started meanwhile.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Deed } from './kept.js';
import { membersOf } from './processes.js';

/** As prlimit and /proc write it. */
const UNLIMITED = 'unlimited';
const PROGRAM = 'prlimit';

/** From now on no process of the group may write beyond it. */
export function withLimitedFiles({ pid, bytesMax }: { pid: number; bytesMax: number }): Deed {
  const before = fileLimitOf(pid) ?? UNLIMITED;
  const set = (softLimit: string): void => {
    for (const member of membersOf(pid)) setFileLimit(member, softLimit);
  };
  const turn = (): number => {
    set(String(bytesMax));
    return Number.POSITIVE_INFINITY;
  };
  return { turn, undo: () => set(before) };
}

/** For when whoever set it is gone, and what it was before is not known: as far up as the process may go. */
export function liftFileLimit(pid: number): void {
  for (const member of membersOf(pid)) setFileLimit(member, hardLimitOf(member) ?? UNLIMITED);
}

/** The soft limit, in bytes or as `unlimited`; undefined for a process that is gone. */
export function fileLimitOf(pid: number): string | undefined {
  return limitsOf(pid)?.[1];
}

function hardLimitOf(pid: number): string | undefined {
  return limitsOf(pid)?.[2];
}

/** Soft and hard. */
function limitsOf(pid: number): RegExpExecArray | undefined {
  try {
    return /^Max file size\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1')) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Why limits cannot be set here, in half a sentence; undefined if they can. */
export function whyNoFileLimits(program = PROGRAM): string | undefined {
  const { error, status } = spawnSync(program, ['--pid', String(process.pid), '--fsize', '--raw'], { stdio: 'ignore' });
  if (error !== undefined) return `${program} cannot be run: ${error.message}`;
  return status === 0 ? undefined : `${program} ended with exit code ${status}`;
}

/** One that is gone is no error. */
function setFileLimit(pid: number, softLimit: string): void {
  spawnSync(PROGRAM, ['--pid', String(pid), `--fsize=${softLimit}:`], { stdio: 'ignore' });
}
