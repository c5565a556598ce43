/** A process that is ended from one moment to the next, and perhaps started again, perhaps with other data. Nobody has to keep it so. */
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import type { ActDefinition } from './process-act.js';

export const kill: ActDefinition<Extract<ProcessAct, { kind: 'kill' }>> = {
  takes: 'life',
  outlivesProcess: true,
  isLeased: false,
  check: async ({ instance }, { data }, ports) => {
    if (data !== 'same') await ports.data.check(instance, data);
  },
  begin: async ({ instance }, { act: { data } }, ports) => {
    await ports.kill(instance);
    if (data !== 'same') await ports.data.replace(instance, data);
  },
  undo: async ({ instance }, { startsAgain }, ports) => (startsAgain ? ports.revive(instance) : undefined),
  isKept: () => true,
};
