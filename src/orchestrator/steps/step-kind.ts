/**
 * The shape of a kind of step: its key in the file, what may stand behind that key, what the plan makes of it (pure, before anything is started),
 * and how it is carried out. What a reader gets wrong: order, deadlines and the journal’s `stepStarted` and `stepEnded` are the engine’s business.
 */
import type { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import type { Path } from '../../core/document-path.js';
import type { Catalogs } from '../../experiment/catalogs.js';
import type { AskedProbe, PlannedFault, PlannedStep } from '../../experiment/plan.js';
import type { FaultInUse, MethodContext } from '../../experiment/resolve/steps.js';
import type { JournalWriter } from '../../journal/writer.js';
import type { Driver, Faults } from '../drivers/driver.js';
import type { ObservationPump } from '../observation-pump.js';
import type { GateSwitch, Person } from '../person.js';
import type { GateResult } from '../probe-runner.js';
import type { LoadControl } from '../workloads/workload.js';

/** What a step may refer to while the plan is made. */
export interface StepContext extends MethodContext {
  /** Its own name, unique in the plan. */
  step: string;
  /** Where what stands behind its key stands in the file. */
  path: Path;
  /** The steps that a name stands for here, a group's all of its own; complains of an unknown one. */
  stepsNamed(name: string, at: Path): readonly string[];
  /** The one fault step that a name stands for; undefined if there is none, or several: that was complained about. */
  faultNamed(name: string, at: Path): string | undefined;
  /** All fault steps that a name stands for. */
  faultsNamed(name: string, at: Path): readonly string[];
}

/** What the plan makes of a step: plain data. */
export interface ResolvedStep<P> {
  /** What carrying it out needs to know. */
  params: P;
  /** One line for people, without the step's name: `wait`. */
  summary: string;
  /** How long it takes if nothing holds it up. */
  takesMs: number;
  /** The fault that it puts on. */
  fault?: PlannedFault;
  /** Instances of whose data it makes a copy. */
  copies?: readonly string[];
  /** The program that it runs, as people write it: the run needs leave for that. */
  executes?: string;
  /** In place of `params` in a rehearsal, which changes nothing and in which no fault has an effect. */
  rehearsed?: P;
  /** A step whose fault must be on when this one is due, and where it is named. */
  whileOn?: FaultInUse;
}

/** What a step may touch while it is carried out. */
export interface StepPorts {
  clock: Clock;
  driver: Driver;
  /** Puts faults on, on links and on processes. */
  faults: Faults;
  journal: JournalWriter;
  pump: ObservationPump;
  run: string;
  /** Somebody at the terminal; undefined where nobody can be asked there. */
  person?: Person | undefined;
  /** Inputs that whoever answers a gate may set, for the run after this one; empty where nobody would start that. */
  sets: readonly GateSwitch[];
  /** The fault of a step on the links that it means now, where the plan could not say; as it is, where it could. Rejects with TARGET_UNKNOWN. */
  bind(step: string, fault: PlannedFault, signal: AbortSignal): Promise<PlannedFault>;
  /** Steers the load; undefined where there is none. */
  load(): LoadControl | undefined;
  /** Asks a probe until it is decided. */
  ask(probe: AskedProbe, signal: AbortSignal): Promise<GateResult>;
  /** Environment of a program that is to end with the run, whatever becomes of it. */
  mark(): Readonly<Record<string, string>>;
  /** Copies the data folders of these instances, which stand still meanwhile. Rejects with the signal's reason when the file that is being copied is through. */
  snapshot(instances: readonly string[], signal: AbortSignal): Promise<void>;
  /** Told before a fault is asked for. */
  onInject(): void;
}

export interface StepKind<T = unknown, P = unknown> {
  /** Its key in the file; equals the file's name, in camelCase. */
  readonly name: string;
  /** One sentence that starts with a verb and ends with a full stop. */
  readonly summary: string;
  /** What may stand behind its key. */
  readonly example: unknown;
  /** What may stand behind its key, as a schema with a description. */
  schema(catalogs: Catalogs): z.ZodType<T, unknown>;
  /** Undefined when it cannot be carried out; what is wrong was then complained about. */
  resolve(given: T, context: StepContext): ResolvedStep<P> | undefined;
  /** Resolves when the step has ended; rejects with the signal's reason as soon as it aborts (a `snapshot`: after the file that it copies). */
  carryOut(step: PlannedStep<P>, ports: StepPorts, signal: AbortSignal): Promise<void>;
}

/** Keeps the types of a kind together; the erased form is what the catalog holds. */
export function defineStepKind<T, P>(kind: StepKind<T, P>): StepKind<T, P> {
  return kind;
}
