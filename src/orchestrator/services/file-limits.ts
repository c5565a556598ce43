/**
 * The size beyond which processes may write no file, each under a lease. Only the soft limit is set, so that it can be taken back without rights. What a
 * reader gets wrong: a limit belongs to a process, so it is set for all of a group, and taken back also from those that were started meanwhile.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../core/clock.js';
import { Kept } from './kept.js';
import { groupOf } from './processes.js';

/** As prlimit and /proc write it. */
const UNLIMITED = 'unlimited';
const PROGRAM = 'prlimit';

export class FileLimits {
  readonly #kept: Kept<number>;

  constructor(clock: Clock) {
    this.#kept = new Kept(clock);
  }

  /** From now on no process of the group may write beyond it. */
  limit(pid: number, { leaseMs, bytesMax }: { leaseMs: number; bytesMax: number }): void {
    const before = fileLimitOf(pid) ?? UNLIMITED;
    const set = (softLimit: string): void => {
      for (const member of groupOf(pid)) setFileLimit(member, softLimit);
    };
    const turn = (): number => {
      set(String(bytesMax));
      return Number.POSITIVE_INFINITY;
    };
    this.#kept.keep(pid, { leaseMs, turn, undo: () => set(before) });
  }

  renew(): void {
    this.#kept.renew();
  }

  free(pid: number): void {
    this.#kept.free(pid);
  }

  freeAll(): void {
    this.#kept.freeAll();
  }

  /** The process has ended: its number may be somebody else's soon. */
  forget(pid: number): void {
    this.#kept.forget(pid);
  }
}

/** The soft limit, in bytes or as `unlimited`; undefined for a process that is gone. */
export function fileLimitOf(pid: number): string | undefined {
  try {
    return /^Max file size\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1];
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
