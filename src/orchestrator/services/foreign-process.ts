/**
 * Somebody else's process on this machine, by pid, systemd unit or Docker container. It is found so that it can be looked at, and, where the plan and
 * whoever starts the run agree to it, paused; nobody in a run ever limits or ends it.
 */
import { statSync } from 'node:fs';
import { LabError, reasonOf } from '../../core/errors.js';
import type { ForeignProcess } from '../../experiment/plan.js';
import type { LiveProcess } from '../../journal/store.js';
import { isAlive, startTicksOf } from './processes.js';
import type { Reach } from './reach.js';
import { runProgram } from './run-program.js';

const ASK_TIMEOUT_MS = 5_000;

/** Who is asked for the pid of what. Names were checked to be no options. */
const QUESTIONS = {
  unit: (name: string) => ['systemctl', 'show', '--property=MainPID', '--value', name],
  container: (name: string) => ['docker', 'inspect', '--format', '{{.State.Pid}}', name],
} as const;

/** Rejects with SERVICE_NOT_READY if it does not run. */
export async function findForeignProcess(instance: string, wanted: ForeignProcess, signal: AbortSignal): Promise<LiveProcess> {
  const pid = wanted.kind === 'pid' ? wanted.pid : await askForPid(instance, wanted, signal);
  const found = { name: instance, pid, startTicks: startTicksOf(pid) };
  if (!isAlive(found)) throw new LabError('SERVICE_NOT_READY', { instance, reason: `there is no process ${pid}` });
  return found;
}

export function foreignReach(found: LiveProcess, wanted: ForeignProcess | undefined): Reach {
  if (wanted?.kind === 'unit') return { kind: 'unit', unit: wanted.name };
  return { kind: 'process', pid: found.pid, startTicks: found.startTicks };
}

/** Why a process of somebody else must not or cannot be stopped, in half a sentence; undefined if it can. `kill` is for tests. */
export function whyOutOfReach(pid: number, kill: (pid: number, signal: 0) => unknown = process.kill): string | undefined {
  if (pid === 1) return 'it is the first process of the machine, and everything would stand still';
  if (pid === process.pid || pid === process.ppid) return 'this run would stop itself';
  try {
    kill(pid, 0);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return `it belongs to user ${ownerOf(pid)}, and this run may not signal it`;
    return reasonOf(error);
  }
}

function ownerOf(pid: number): string {
  return String(statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? 'unknown');
}

async function askForPid(instance: string, { kind, name }: Exclude<ForeignProcess, { kind: 'pid' }>, signal: AbortSignal): Promise<number> {
  const argv = QUESTIONS[kind](name);
  const within = AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)]);
  const { code, output, problem } = await runProgram({ argv, env: {}, signal: within });
  const pid = Number(output.trim());
  // Both say 0 of what is known and does not run.
  if (code === 0 && Number.isInteger(pid) && pid > 0) return pid;
  const said = code === undefined ? problem : code === 0 ? 'it does not run' : `${argv[0]} ended with exit code ${code}`;
  throw new LabError('SERVICE_NOT_READY', { instance, reason: `${kind} ${name} has no process: ${said}` });
}
