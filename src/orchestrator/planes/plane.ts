/**
 * The shape of a data plane: what carries the links of a run. Its pure half tells the planner what it cannot do, so that a plan is refused
 * before anything is started; its other half brings it up for one run.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Clock } from '../../core/clock.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import type { EtcdClient } from '../../etcd/client.js';
import type { Plan, PlannedService } from '../../experiment/plan.js';
import type { NewEvent } from '../../journal/events.js';
import type { LiveProcess, LiveRun } from '../../journal/store.js';
import type { Driver } from '../drivers/driver.js';
import type { Environment } from '../fleet/observation-route.js';
import type { LiveFleet } from '../run-news.js';
import type { ServiceGroupPorts } from '../services/service-group.js';
import type { Services } from '../services/services.js';

/** What healing after a dead run needs. */
export interface HealPorts {
  clock: Clock;
  /** Token of a daemon that is not on its own. */
  token?: string | undefined;
}

export interface PlanePorts {
  clock: Clock;
  run: string;
  /** Starts `faultlab serve` for this run. */
  daemonArgv: readonly string[];
  /** Where a process that is started writes its output. */
  logFile: string;
  /** A daemon that already runs, named by the operator. */
  connect: { url: string; token?: string | undefined } | undefined;
  /** Where a fleet is steered, and where its agents reach this machine; named by the operator, whose environment holds the plan's secrets. */
  etcd?: { client: EtcdClient; host: string; env: Environment } | undefined;
  plan: Plan;
  /** Of this program. */
  version: string;
  note(event: NewEvent): void;
  /** Aborts when nobody waits for the run any more. */
  signal: AbortSignal;
  /** It has gone while it was needed. */
  onFailure(error: unknown): void;
}

export interface OpenedPlane extends AsyncDisposable {
  readonly driver: Driver;
  /** Processes that were started for it. */
  readonly processes: readonly LiveProcess[];
  /** It serves on when the run is over: the run's proxies have to be taken off it. */
  readonly outlivesRun: boolean;
  /** Starts services where the links are, and puts faults on their processes there; left out where both are done from this machine. */
  services?(ports: ServiceGroupPorts, services: readonly PlannedService[]): Promise<Services>;
  /** Who carries its links, for whoever looks on; left out where the daemon that shows it does. */
  hosts?: () => Omit<LiveFleet, 'faults'>;
}

/** A fault as the plan has it, before it has a name. */
export type PlannedSpec = Omit<FaultSpec, 'id' | 'proxies'>;

export interface Plane<S extends z.ZodObject = z.ZodObject> extends Definition {
  readonly schema: S;
  readonly example: z.input<S>;
  /** Why nothing is known of what crosses the links; undefined when every link is recorded. */
  readonly linksUnseen?: string;
  /** Why processes of services can neither be looked at nor stand still to be copied; undefined when they can. */
  readonly processesUnseen?: string;
  /** Why it is no end of TLS; undefined when its links can terminate and originate it. */
  readonly noTls?: string;
  /** Why it has no gateway; undefined when it has one. */
  readonly noGateway?: string;
  /** Its links and services are on hosts of their own, which `agents` chooses. */
  readonly hasHosts?: true;
  /** Where it is, in a few words, for the plan. */
  describe(params: z.output<S>): string;
  /** What of a fault it cannot carry, a sentence each; none: it can. */
  objections(fault: PlannedSpec): readonly string[];
  /** In what a fault that it carries differs from the catalog's words, a sentence each. */
  caveats(fault: PlannedSpec): readonly string[];
  open(params: z.output<S>, ports: PlanePorts): Promise<OpenedPlane>;
  /** Takes away what a dead run left on it, and says so in a sentence; undefined if there was nothing to look at. */
  healAfter(live: LiveRun, ports: HealPorts): Promise<string | undefined>;
}

/** Keeps the schema's type for `open`; the erased form is what the catalog holds. */
export function definePlane<S extends z.ZodObject>(plane: Plane<S>): Plane<S> {
  return plane;
}
