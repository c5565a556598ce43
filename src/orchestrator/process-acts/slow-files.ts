/** Files that one has to wait for. */
import { LabError } from '../../core/errors.js';
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { isTraced, whyNoTracing } from '../services/traced.js';
import { type ActDefinition, untilSeen } from './process-act.js';

export const slowFiles: ActDefinition<Extract<ProcessAct, { kind: 'slowFiles' }>> = {
  // A tracer hears of every stop first, so a pause beside it would come and go.
  takes: 'life',
  check: async ({ instance, process: { pid } }) => {
    const reason = whyNoTracing() ?? (isTraced(pid) === 'traced' ? 'somebody traces it already' : undefined);
    if (reason !== undefined) throw new LabError('TRACING_UNAVAILABLE', { instance, pid, reason });
  },
  begin: async (target, { act: { latencyMs }, leaseMs }, { reaper, clock }) => {
    const { pid } = target.process;
    reaper()?.tell({ order: 'keep', act: { kind: 'slowFiles', pid, latencyMs }, leaseMs });
    await untilSeen(target, { wanted: 'traced', look: () => isTraced(pid), clock });
  },
  undo: async (target, _act, { reaper, clock }) => {
    const { pid } = target.process;
    reaper()?.tell({ order: 'free', of: { kind: 'slowFiles', pid } });
    await untilSeen(target, { wanted: 'free', look: () => isTraced(pid), clock });
  },
  isKept: ({ process: { pid } }, _act, { reaper }) => reaper()?.isAlive === true && isTraced(pid) !== 'free',
};
