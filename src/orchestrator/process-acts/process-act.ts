/**
 * How one kind of act on a process is begun, kept and taken back. What a reader gets wrong: what must not outlive its lease is done by the reaper, who is
 * only told, so that an act is over even where nobody is left to take it back.
 */
import type { Clock } from '../../core/clock.js';
import { sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { ProcessAct, ReplacedData } from '../../dataplane/faults/process-fault.js';
import type { NewEvent } from '../../journal/events.js';
import type { LiveProcess } from '../../journal/store.js';
import { whyOutOfReach } from '../services/foreign-process.js';
import type { Reach } from '../services/reach.js';
import type { ReaperLine } from '../services/reaper-line.js';

/** A signal takes effect at once, but for a process that waits for a disk. */
const CONFIRM_MS_MAX = 5_000;
const ASK_EVERY_MS = 10;

export interface ActPorts {
  clock: Clock;
  /** Keeps what is under a lease; undefined before anything was started. */
  reaper(): Pick<ReaperLine, 'tell' | 'isAlive'> | undefined;
  kill(instance: string): Promise<void>;
  /** Starts it again and waits until it is ready. */
  revive(instance: string): Promise<void>;
  /** Rejects with DATA_UNWRITABLE or SNAPSHOT_MISSING. */
  data: {
    check(instance: string, by: ReplacedData): Promise<void>;
    /** Its process has to be gone. */
    replace(instance: string, by: ReplacedData): Promise<void>;
  };
  /** The file that the clock of an instance follows; undefined for one that was started without. */
  clockFile(instance: string): string | undefined;
  /** Where the machine decides how an act is done, the journal says how. */
  note(event: NewEvent): void;
}

export interface ActTarget {
  instance: string;
  process: LiveProcess;
  /** How it is told to stand still. */
  reach: Reach;
  /** Set by an act that can be done in two ways, when it begins. */
  isByQuota?: boolean;
}

export interface ActDefinition<A extends ProcessAct> {
  /** True for what is done to the instance: it holds also for a process that is started in place of the one that was hit. */
  readonly outlivesProcess?: boolean;
  /** False for what nobody has to keep: it has no lease that could run out. */
  readonly isLeased?: boolean;
  /** Two acts that take the same of one process would undo each other. */
  readonly takes: 'life' | 'clock' | 'files';
  /** Rejects where it cannot be done; asked of all targets before any is touched. */
  check?(target: ActTarget, act: A, ports: ActPorts): Promise<void>;
  /** Resolves when it has taken effect. */
  begin(target: ActTarget, given: { act: A; leaseMs: number }, ports: ActPorts): Promise<void>;
  /** Resolves when the process is as it was before. */
  undo(target: ActTarget, act: A, ports: ActPorts): Promise<void>;
  /** False where it is over although nobody took it back. */
  isKept(target: ActTarget, act: A, ports: ActPorts): boolean;
}

/** Throws PROCESS_OUT_OF_REACH for a process of somebody else that may not be stopped. */
export function refuseOutOfReach({ instance, process: { pid }, reach }: ActTarget): void {
  const reason = reach.kind === 'group' ? undefined : whyOutOfReach(pid);
  if (reason !== undefined) throw new LabError('PROCESS_OUT_OF_REACH', { instance, pid, reason });
}

/** Waits until `look` finds what is wanted, or that nobody is left to look at. Rejects with PROCESS_UNMOVED. */
export async function untilSeen<T extends string>(target: ActTarget, { wanted, look, clock }: Sight<T>): Promise<void> {
  const giveUpMs = clock.nowMs() + CONFIRM_MS_MAX;
  for (;;) {
    const found = look();
    if (found === wanted || found === 'gone') return;
    if (clock.nowMs() > giveUpMs) {
      const { instance, process } = target;
      throw new LabError('PROCESS_UNMOVED', { instance, pid: process.pid, wanted, found, afterMs: CONFIRM_MS_MAX });
    }
    await sleep(clock, ASK_EVERY_MS);
  }
}

interface Sight<T extends string> {
  wanted: T;
  look(): T | 'gone';
  clock: Clock;
}
