/**
 * Processes that carry a mark in their environment, which whatever they start inherits. A list of pids misses one that was started a moment before its
 * parent was killed, and one that has left its group; a mark misses neither. Linux alone tells: elsewhere nobody is found.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { LiveProcess } from '../../journal/store.js';
import { startTicksOf } from './processes.js';

const VARIABLE = 'FAULTLAB_MARK';

/** To be added to the environment of a process. */
export function markAs(mark: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: mark };
}

/** All that run now. */
export function marked(mark: string): readonly LiveProcess[] {
  return pids().flatMap((pid) =>
    environmentOf(pid).includes(`${VARIABLE}=${mark}`) ? [{ name: String(pid), pid, startTicks: startTicksOf(pid) }] : [],
  );
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Empty for a process that is gone, or somebody else's. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
