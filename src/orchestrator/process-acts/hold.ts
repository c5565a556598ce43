/** A process that stands still, wholly or for a share of the time. */
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { conditionOf, signalGroup } from '../services/processes.js';
import { type ActDefinition, untilSeen } from './process-act.js';

export const hold: ActDefinition<Extract<ProcessAct, { kind: 'hold' }>> = {
  takes: 'life',
  begin: async (target, { act: { runPercent }, leaseMs }, { reaper, clock }) => {
    const { process } = target;
    reaper()?.tell({ order: 'hold', pid: process.pid, leaseMs, runPercent });
    if (runPercent === 0) await untilSeen(target, { wanted: 'stopped', look: () => conditionOf(process), clock });
  },
  undo: async (target, _act, { reaper, clock }) => {
    const { process } = target;
    reaper()?.tell({ order: 'free', pid: process.pid });
    // There is nobody else left to let it go on.
    if (reaper()?.isAlive !== true) signalGroup(process.pid, 'SIGCONT');
    await untilSeen(target, { wanted: 'running', look: () => conditionOf(process), clock });
  },
  isKept: ({ process }, { runPercent }, { reaper }) => reaper()?.isAlive === true && (runPercent > 0 || conditionOf(process) !== 'running'),
};
