/**
 * A process that gets a share of one processor: by a quota of the kernel where the machine lets us set one, else by stopping it and letting it go on in
 * turns. What a reader gets wrong: the two differ for a process that has little to do. A quota lets it be until it has used its share up; turns let it
 * stand still all the same.
 */
import { LabError } from '../../core/errors.js';
import type { ProcessAct } from '../../dataplane/faults/process-fault.js';
import { isUnderQuota, liftQuota, whyNoQuota } from '../services/cpu-quota.js';
import { conditionOf } from '../services/processes.js';
import { signalAll } from '../services/reach.js';
import { type ActDefinition, type ActTarget, refuseOutOfReach, untilSeen } from './process-act.js';

type Ration = Extract<ProcessAct, { kind: 'ration' }>;

export const ration: ActDefinition<Ration> = {
  takes: 'life',
  check: async (target, { by, percent }) => {
    refuseOutOfReach(target);
    const reason = by === 'quota' ? whyTurns(target, percent) : undefined;
    if (reason !== undefined) throw new LabError('QUOTA_UNAVAILABLE', { instance: target.instance, pid: target.process.pid, reason });
  },
  begin: async (target, { act: { percent, by }, leaseMs }, { reaper, clock, note }) => {
    const { instance, process, reach } = target;
    if (conditionOf(process) === 'gone') return;
    const reason = by === 'turns' ? 'as the plan says' : whyTurns(target, percent);
    target.isByQuota = reason === undefined;
    const { pid } = process;
    if (target.isByQuota) {
      reaper()?.tell({ order: 'keep', act: { kind: 'quota', pid, percent }, leaseMs });
      await untilSeen(target, { wanted: 'slowed', look: () => seen(target), clock });
    } else reaper()?.tell({ order: 'keep', act: { kind: 'hold', reach, runPercent: percent }, leaseMs });
    const how = reason === undefined ? 'by a quota' : `in turns of stopping and going on (${reason})`;
    note({ type: 'note', text: `${instance} gets ${percent} % of a processor ${how}` });
  },
  undo: async (target, _act, { reaper, clock }) => {
    const { process, reach, isByQuota } = target;
    reaper()?.tell({ order: 'free', of: isByQuota === true ? { kind: 'quota', pid: process.pid } : { kind: 'hold', reach } });
    // There is nobody else left to let it go on.
    if (reaper()?.isAlive !== true) {
      signalAll(reach, 'SIGCONT');
      liftQuota(process.pid);
    }
    await untilSeen(target, { wanted: 'running', look: () => seen(target), clock });
  },
  isKept: (target, _act, { reaper }) => reaper()?.isAlive === true && (target.isByQuota !== true || isUnderQuota(target.process.pid)),
};

/** Why it has to be turns, in half a sentence; undefined where there can be a quota. Whom we have not started stays in the group he is in. */
function whyTurns({ process, reach }: ActTarget, percent: number): string | undefined {
  return reach.kind === 'group' ? whyNoQuota(process.pid, percent) : 'it is somebody else’s';
}

function seen({ process }: ActTarget): 'running' | 'slowed' | 'stopped' | 'gone' {
  const condition = conditionOf(process);
  return condition === 'running' && isUnderQuota(process.pid) ? 'slowed' : condition;
}
