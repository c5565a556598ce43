/**
 * The shape of a probe: one question to the running system with a tolerance for the answer. A refused connection is a measured failure, not
 * an error of ours; an answer that cannot be judged (no traffic) is `null`, and whoever asks decides what that means.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Exchange } from '../../journal/observations.js';
import type { LiveProcess } from '../../journal/store.js';

export interface ProbeOutcome {
  met: boolean | null;
  value: number | string | null;
  /** One sentence with the figures. */
  detail: string;
}

export interface ProbedInstance {
  name: string;
  /** `host:port` */
  address: string;
  /** What answers 2xx when it can work; an accepted connection is enough where there is none. */
  readyPath: string | undefined;
  /** Undefined for what runs where this run cannot look. */
  process: LiveProcess | undefined;
  /** How often this run has started it after the first time. */
  restarts: number;
}

/** What a probe may look at. */
export interface ProbePorts {
  /** Exchanges that ended in the last `windowMs` on links from `from` (service, instance or `load`; any if omitted) to `to` (service or instance). */
  recent(target: { from?: string | undefined; to: string }, windowMs: number): readonly Exchange[];
  /** The same of the baseline, at most its last minute; empty until the baseline is over. */
  baseline(target: { from?: string | undefined; to: string }): readonly Exchange[];
  /** `host:port` of each instance of a service, or of the one instance named. */
  addresses(target: string): readonly string[];
  /** The instances of a service, or the one named. */
  instances(target: string): readonly ProbedInstance[];
  /** Processes that this run has started for a service, or for the one instance named; none for what runs elsewhere. */
  processes(target: string): readonly LiveProcess[];
  /** Environment of a program that is to end with the run, whatever becomes of it. */
  mark(): Readonly<Record<string, string>>;
}

/** How a probe asks one instance whether it holds a role. */
export interface RoleQuestion<S extends z.ZodObject = z.ZodObject, P = unknown> {
  /** What stands beside its type, and says what who holds the role answers. */
  readonly schema: S;
  /** Only instances that speak HTTP can answer it. */
  readonly needsHttp?: true;
  /** The probe's parameters for one instance, which then meets it if it holds the role; `fill` puts in `${self.…}`. */
  paramsFor(given: z.output<S>, instance: { name: string; fill(text: string): string }): P;
}

export interface Probe<S extends z.ZodType = z.ZodType> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
  /** It looks at what crosses links, which not every data plane can tell. */
  readonly seesLinks?: true;
  /** It looks at processes, which only the machine can tell on which they run. */
  readonly seesProcesses?: true;
  /** It runs a program that the experiment names: a run has to be started with `--allow-exec`. */
  readonly executes?: true;
  /** It can find out who holds a role. */
  readonly role?: RoleQuestion<z.ZodObject, z.output<S>>;
  /** The tolerance as a person would say it: `successRate >= 99`. */
  expectation(params: z.output<S>): string;
  run(params: z.output<S>, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome>;
}

/** Keeps the schema's type for `paramsFor`; the erasure is safe because that is called with nothing else. */
export function roleQuestion<S extends z.ZodObject, P>(question: RoleQuestion<S, P>): RoleQuestion<z.ZodObject, P> {
  return question as unknown as RoleQuestion<z.ZodObject, P>;
}

/** Keeps the schema's type for `run`; the erased form is what the catalog holds. */
export function defineProbe<S extends z.ZodType>(probe: Probe<S>): Probe<S> {
  return probe;
}
