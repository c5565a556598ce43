/** Files that cannot grow. */
import { LabError } from '../../core/errors.js';
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { fileLimitOf, liftFileLimit, whyNoFileLimits } from '../services/file-limits.js';
import { type ActDefinition, untilSeen } from './process-act.js';

export const limitFiles: ActDefinition<Extract<ProcessAct, { kind: 'limitFiles' }>> = {
  takes: 'files',
  check: async ({ instance }) => {
    const reason = whyNoFileLimits();
    if (reason !== undefined) throw new LabError('LIMITS_UNAVAILABLE', { instance, reason });
  },
  begin: async (target, { act: { bytesMax }, leaseMs }, { reaper, clock }) => {
    const { pid } = target.process;
    reaper()?.tell({ order: 'keep', act: { kind: 'limitFiles', pid, bytesMax }, leaseMs });
    await untilSeen(target, { wanted: 'limited', look: () => seen(pid, bytesMax), clock });
  },
  undo: async (target, { bytesMax }, { reaper, clock }) => {
    const { pid } = target.process;
    reaper()?.tell({ order: 'free', of: { kind: 'limitFiles', pid } });
    // There is nobody else left to do it.
    if (reaper()?.isAlive !== true) liftFileLimit(pid);
    await untilSeen(target, { wanted: 'free', look: () => seen(pid, bytesMax), clock });
  },
  isKept: ({ process: { pid } }, { bytesMax }, { reaper }) => reaper()?.isAlive === true && seen(pid, bytesMax) !== 'free',
};

function seen(pid: number, bytesMax: number): 'limited' | 'free' | 'gone' {
  const limit = fileLimitOf(pid);
  if (limit === undefined) return 'gone';
  return limit === String(bytesMax) ? 'limited' : 'free';
}
