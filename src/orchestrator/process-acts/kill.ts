/** A process that is ended from one moment to the next, and perhaps started again. Nobody has to keep it so. */
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import type { ActDefinition } from './process-act.js';

export const kill: ActDefinition<Extract<ProcessAct, { kind: 'kill' }>> = {
  takes: 'life',
  begin: ({ instance }, _given, ports) => ports.kill(instance),
  undo: async ({ instance }, { startsAgain }, ports) => (startsAgain ? ports.revive(instance) : undefined),
  isKept: () => true,
};
