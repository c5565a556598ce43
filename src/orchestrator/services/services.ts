/** The services of a run as its orchestrator sees them, wherever they run: beside it, or on the hosts of a fleet. */
import type { LiveProcess, Stoppable } from '../../journal/store.js';
import type { Reach } from './reach.js';
import type { ReaperLine } from './reaper-line.js';

/** Fills `${…}` in one instance's argv and environment. */
export type Resolve = (text: string, instance: string) => string;

export interface Services extends AsyncDisposable {
  /** `host:port` of an instance. */
  address(instance: string): string;
  /** Of a service's instances, or of one instance; none for who only calls, from outside. */
  addresses(target: string): readonly string[];
  /** Processes of this machine that belong to a service's instances, or to one instance. */
  processes(target: string): readonly LiveProcess[];
  /** How an instance's process is reached from this machine; undefined where it is not. */
  reachOf(instance: string): { process: LiveProcess; reach: Reach } | undefined;
  /** The run has started it, here or elsewhere. */
  isOwn(instance: string): boolean;
  stoppable(instance: string): Stoppable | undefined;
  /** Those that were started on this machine. */
  readonly live: readonly LiveProcess[];
  /** Environment of whoever is to be ended with them. */
  readonly mark: Readonly<Record<string, string>>;
  readonly reaper: ReaperLine | undefined;
  kill(instance: string): Promise<void>;
  revive(instance: string): Promise<void>;
  start(resolve: Resolve): Promise<void>;
  ready(signal: AbortSignal): Promise<void>;
}
