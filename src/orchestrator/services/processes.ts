/**
 * Child processes in groups of their own: Ctrl-C in the terminal reaches only the orchestrator, which then ends its children in order.
 * What a pid means is checked against its start time before anything is signalled, because the system gives pids out again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Clock, sleep } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { LiveProcess } from '../../journal/store.js';

const TERMINATE_TIMEOUT_MS = 3_000;
const LAST_WORDS_CHARACTERS = 800;

export interface ExitStatus {
  code: number | null;
  signal: string | null;
}

export function endWords({ code, signal }: ExitStatus): string {
  return code === null ? `signal ${signal}` : `exit code ${code}`;
}

interface ProcessStat {
  /** `R`, `S`, … `Z` for one that has ended and waits to be collected. */
  state: string;
  startTicks: string;
  parent: number;
  group: number;
}

/** Fields 3, 4, 5 and 22 of /proc/PID/stat; undefined where the system has no /proc, or no such process. */
function statOf(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '', parent: Number(fields[1]), group: Number(fields[2]) };
  } catch {
    return undefined;
  }
}

/** Clock ticks from boot to the start of the process; empty if the system does not tell. */
export function startTicksOf(pid: number): string {
  return statOf(pid)?.startTicks ?? '';
}

/** A process that others are told from by when it started. */
export interface Identity {
  pid: number;
  startTicks: string;
}

interface Family {
  group: readonly Identity[];
  /** Whom they have started and who has left the group, as each server process of PostgreSQL does. */
  strays: readonly Identity[];
}

/** Of the leader of a group; the leader alone where the system does not tell. */
function familyOf(leader: number): Family {
  const all = everybody();
  const group = all.filter((one) => one.group === leader);
  const family = new Set(group.map(({ pid }) => pid));
  // Numbers come round, so a child may be listed before its parent.
  for (let known = 0; known < family.size; ) {
    known = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const strays = all.filter((one) => one.group !== leader && family.has(one.pid));
  return all.length === 0 ? { group: [{ pid: leader, startTicks: '' }], strays } : { group, strays };
}

function everybody(): readonly (Identity & ProcessStat)[] {
  try {
    const numbers = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return numbers.flatMap((pid) => {
      const stat = statOf(pid);
      return stat === undefined ? [] : [{ pid, ...stat }];
    });
  } catch {
    return [];
  }
}

/** All processes of a group, and whom they have started. */
export function membersOf(leader: number): readonly number[] {
  const { group, strays } = familyOf(leader);
  return [...group, ...strays].map(({ pid }) => pid);
}

export function straysOf(leader: number): readonly Identity[] {
  return familyOf(leader).strays;
}

/** True if that very process still runs, whoever may signal it. */
export function isAlive({ pid, startTicks }: Identity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One of another user is there all the same.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const stat = statOf(pid);
  return stat === undefined ? startTicks === '' : stat.state !== 'Z' && (startTicks === '' || stat.startTicks === startTicks);
}

/** What has become of a process. `stopped` is one that SIGSTOP or a debugger holds: its sockets accept, and nobody answers. */
export type Condition = 'running' | 'stopped' | 'gone';

export function conditionOf(which: Identity): Condition {
  if (!isAlive(which)) return 'gone';
  return ['T', 't'].includes(statOf(which.pid)?.state ?? '') ? 'stopped' : 'running';
}

/** Signals a process group; a group that is gone is not an error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalOne(-pid, signal);
}

/** The same, and for whom it has started and who has left it. Looking for them costs as much as the machine has processes. */
export function signalFamily(pid: number, signal: NodeJS.Signals, strays = straysOf(pid)): void {
  signalGroup(pid, signal);
  for (const stray of strays.filter(isAlive)) signalOne(stray.pid, signal);
}

/** The same for a process alone. */
export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/**
 * SIGTERM to each group, then SIGKILL for what is left of it when its leader has ended, or after `TERMINATE_TIMEOUT_MS`. One that is in somebody else's
 * group is killed alone.
 */
export async function terminate(clock: Clock, processes: readonly LiveProcess[]): Promise<void> {
  // Those that are gone already are left alone: their pid may be somebody else's by now.
  const ours = processes.filter(isAlive);
  for (const { pid } of ours) signalGroup(pid, 'SIGTERM');
  const giveUpMs = clock.nowMs() + TERMINATE_TIMEOUT_MS;
  while (ours.some(isAlive) && clock.nowMs() < giveUpMs) await sleep(clock, 25);
  for (const { pid } of ours) signalGroup(pid, 'SIGKILL');
  for (const { pid } of ours.filter(isAlive)) signalOne(pid, 'SIGKILL');
  while (ours.some(isAlive) && clock.nowMs() < giveUpMs + 1_000) await sleep(clock, 25);
}

export interface SpawnRequest {
  name: string;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  workingDirectory?: string | undefined;
  /** Where its output goes. */
  logFile: string;
}

export class OwnedProcess {
  readonly name: string;
  readonly pid: number;
  readonly startTicks: string;
  /** Resolves when the process has ended. */
  readonly exited: Promise<ExitStatus>;
  readonly #logFile: string;
  #exit: ExitStatus | undefined;

  private constructor(given: { request: SpawnRequest; child: ChildProcess; pid: number }) {
    this.name = given.request.name;
    this.#logFile = given.request.logFile;
    this.pid = given.pid;
    this.startTicks = startTicksOf(given.pid);
    this.exited = new Promise((resolve) => {
      given.child.once('exit', (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  /** Rejects with PROGRAM_NOT_FOUND if it cannot be started. */
  static spawn(request: SpawnRequest): Promise<OwnedProcess> {
    const [program = '', ...args] = request.argv;
    const log = openSync(request.logFile, 'a');
    return new Promise<OwnedProcess>((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(new LabError('PROGRAM_NOT_FOUND', { instance: request.name, program, reason: reasonOf(error) }, { cause: error }));
      const child = spawn(program, args, {
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, ...request.env },
        ...(request.workingDirectory !== undefined && { cwd: request.workingDirectory }),
      });
      child.once('error', fail);
      const { pid } = child;
      if (pid !== undefined) resolve(new OwnedProcess({ request, child, pid }));
    }).finally(() => closeSync(log));
  }

  /** Set once it has ended. */
  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  get live(): LiveProcess {
    return { name: this.name, pid: this.pid, startTicks: this.startTicks };
  }

  /** The end of its output, for a message about why it failed. */
  async lastWords(): Promise<string> {
    const text = await readFile(this.#logFile, 'utf8').catch(() => '');
    return text.trimEnd().slice(-LAST_WORDS_CHARACTERS);
  }
}
