/** A share of one processor for a process and all whom it has started together, as containers are throttled. */
import { reasonOf } from '../../core/errors.js';
import { ControlGroup, isInGroup } from './control-group.js';
import type { Deed } from './kept.js';
import { membersOf } from './processes.js';

/** Somebody may be started while others are moved. */
const ROUNDS_MAX = 20;

/** From now on they get so much of one processor. */
export function underQuota({ pid, percent }: { pid: number; percent: number }): Deed {
  let group: ControlGroup | undefined;
  return {
    turn: () => {
      try {
        group = quotaFor(pid, percent);
        for (let round = 0; round < ROUNDS_MAX; round++) {
          const outside = membersOf(pid).filter((member) => !isInGroup(member, nameFor(pid)));
          if (outside.length === 0) break;
          group.take(outside);
        }
      } catch {
        // Not allowed any more: whoever asked looks at the process and finds it free.
      }
      return Number.POSITIVE_INFINITY;
    },
    undo: () => group?.dissolve(),
  };
}

export function isUnderQuota(pid: number): boolean {
  return isInGroup(pid, nameFor(pid));
}

/** For when whoever set the quota is gone. */
export function liftQuota(pid: number): void {
  ControlGroup.of(pid, nameFor(pid))?.dissolve();
}

/** Why a quota cannot be set for a process, in half a sentence; undefined if it can. It is tried with a group in which nobody is. */
export function whyNoQuota(pid: number, percent: number): string | undefined {
  try {
    quotaFor(pid, percent).dissolve();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function quotaFor(pid: number, percent: number): ControlGroup {
  return ControlGroup.make({ limits: { cpus: percent / 100 }, pid, name: nameFor(pid) });
}

function nameFor(pid: number): string {
  return `slow-${pid}`;
}
