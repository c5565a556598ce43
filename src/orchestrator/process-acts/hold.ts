/** A process that stands still, wholly or for a share of the time. */
import { LabError } from '../../core/errors.js';
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { whyOutOfReach } from '../services/foreign-process.js';
import { conditionOf } from '../services/processes.js';
import { signalAll } from '../services/reach.js';
import { type ActDefinition, untilSeen } from './process-act.js';

export const hold: ActDefinition<Extract<ProcessAct, { kind: 'hold' }>> = {
  takes: 'life',
  check: async ({ instance, process: { pid }, reach }) => {
    const reason = reach.kind === 'group' ? undefined : whyOutOfReach(pid);
    if (reason !== undefined) throw new LabError('PROCESS_OUT_OF_REACH', { instance, pid, reason });
  },
  begin: async (target, { act: { runPercent }, leaseMs }, { reaper, clock }) => {
    const { process, reach } = target;
    reaper()?.tell({ order: 'hold', reach, leaseMs, runPercent });
    if (runPercent === 0) await untilSeen(target, { wanted: 'stopped', look: () => conditionOf(process), clock });
  },
  undo: async (target, _act, { reaper, clock }) => {
    const { process, reach } = target;
    reaper()?.tell({ order: 'free', reach });
    // There is nobody else left to let it go on.
    if (reaper()?.isAlive !== true) signalAll(reach, 'SIGCONT');
    await untilSeen(target, { wanted: 'running', look: () => conditionOf(process), clock });
  },
  isKept: ({ process }, { runPercent }, { reaper }) => reaper()?.isAlive === true && (runPercent > 0 || conditionOf(process) !== 'running'),
};
