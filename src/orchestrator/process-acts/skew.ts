/** A wall clock that is wrong. */
import { LabError } from '../../core/errors.js';
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { conditionOf } from '../services/processes.js';
import { hasSteeredClock, isSkewed, setClock } from '../services/steered-clock.js';
import { type ActDefinition, type ActTarget, untilSeen } from './process-act.js';

export const skew: ActDefinition<Extract<ProcessAct, { kind: 'skew' }>> = {
  takes: 'clock',
  outlivesProcess: true,
  check: async ({ instance, process: { pid } }) => {
    if (!hasSteeredClock(pid)) throw new LabError('CLOCK_UNREACHABLE', { instance, pid });
  },
  begin: async (target, { act, leaseMs }, { reaper, clock, clockFile }) => {
    const file = fileOf(target, clockFile);
    reaper()?.tell({ order: 'keep', act: { kind: 'skew', file, skew: act.skew }, leaseMs });
    await untilSeen(target, { wanted: 'skewed', look: lookAt(target, file), clock });
  },
  undo: async (target, _act, { reaper, clock, clockFile }) => {
    const file = fileOf(target, clockFile);
    reaper()?.tell({ order: 'free', of: { kind: 'skew', file } });
    // There is nobody else left to do it.
    if (reaper()?.isAlive !== true) setClock(file, 'right');
    await untilSeen(target, { wanted: 'right', look: lookAt(target, file), clock });
  },
  isKept: (target, _act, { reaper, clockFile }) => reaper()?.isAlive === true && isSkewed(fileOf(target, clockFile)),
};

function fileOf({ instance }: ActTarget, clockFile: (instance: string) => string | undefined): string {
  const file = clockFile(instance);
  if (file === undefined) throw new Error(`${instance} was started without a clock that can be set, though the plan asks for it`);
  return file;
}

function lookAt({ process }: ActTarget, file: string): () => 'skewed' | 'right' | 'gone' {
  return () => {
    if (isSkewed(file)) return 'skewed';
    return conditionOf(process) === 'gone' ? 'gone' : 'right';
  };
}
