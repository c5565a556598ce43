/** A process that stands still. */
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { conditionOf } from '../services/processes.js';
import { conditionIn, signalAll } from '../services/reach.js';
import { type ActDefinition, refuseOutOfReach, untilSeen } from './process-act.js';

export const hold: ActDefinition<Extract<ProcessAct, { kind: 'hold' }>> = {
  takes: 'life',
  check: async (target) => refuseOutOfReach(target),
  begin: async (target, { leaseMs }, { reaper, clock }) => {
    const { process, reach } = target;
    reaper()?.tell({ order: 'keep', act: { kind: 'hold', reach, runPercent: 0 }, leaseMs });
    await untilSeen(target, { wanted: 'stopped', look: () => conditionIn(reach, process), clock });
  },
  undo: async (target, _act, { reaper, clock }) => {
    const { process, reach } = target;
    reaper()?.tell({ order: 'free', of: { kind: 'hold', reach } });
    // There is nobody else left to let it go on.
    if (reaper()?.isAlive !== true) signalAll(reach, 'SIGCONT');
    await untilSeen(target, { wanted: 'running', look: () => conditionIn(reach, process), clock });
  },
  isKept: ({ process }, _act, { reaper }) => reaper()?.isAlive === true && conditionOf(process) !== 'running',
};
