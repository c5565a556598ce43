/**
 * The plan: an experiment with every name resolved and every default filled in, ready to be carried out. Plain data; addresses and ports are
 * the only things still open, as `${…}` templates that the orchestrator fills in when it has them.
 */

import type { LinkProtocol } from '../dataplane/faults/carriers.js';
import type { FlowDirection } from '../dataplane/faults/fault.js';
import type { ProcessNeed } from '../dataplane/faults/process-fault.js';
import type { FaultSpec } from '../dataplane/faults/spec.js';
import type { LoadObserve, ObserveSpec } from '../dataplane/observe/observe-spec.js';
import type { TlsSpec } from '../dataplane/tls/spec/tls-spec.js';
import type { RecordedCheck, RecordedFault, RecordedLink, RecordedPlan } from '../journal/events.js';
import type { AnswerExpectation } from '../orchestrator/probes/answer-expectation.js';
import type { AnswerMarker } from '../orchestrator/probes/answer-marker.js';
import type { FaultText } from './schema/fault.js';
import type { PlannedReceiver } from './schema/notify.js';

export interface Plan {
  /** What is written into the journal and judged from. */
  recorded: RecordedPlan;
  services: readonly PlannedService[];
  links: readonly PlannedLink[];
  roles: readonly PlannedRole[];
  /** Some service calls through the gateway, by `${gateway}`. */
  usesGateway: boolean;
  proxies: PlannedProxies;
  load?: PlannedLoad;
  probes: readonly PlannedProbe[];
  stopConditions: readonly PlannedStopCondition[];
  /** What happens to faults that are still on when the run ends. */
  rollback: { strategy: 'always' | 'never' | 'deviated' };
  /** In the order of the file, groups unfolded and copies made; `startAfter` says when each starts. */
  steps: readonly PlannedStep[];
  /** The run stops at the first that passes. */
  deadlines: readonly PlannedDeadline[];
  checks: readonly RecordedCheck[];
  /** Programs that have to be installed; left out where it needs none but Node. */
  requires?: readonly RequiredProgram[];
  /** By name; what each changes is in the plan that is made with it. */
  variants: Readonly<Record<string, PlannedVariant>>;
  /** Load without faults before the method, for the steady state and for calibration. */
  baselineMs: number;
  /** Load without faults after healing, before the end probes and the verdict. */
  settleMs: number;
  report: { formats: readonly string[]; baseline?: 'last-pass' | undefined };
  /** Who is told of the run by HTTP; left out where nobody is. Not recorded: an address may be a secret. */
  notify?: readonly PlannedReceiver[];
}

/** A program, and the package of Debian's that has it. */
export interface RequiredProgram {
  program: string;
  package: string;
}

/** The verdict that a variant is expected to have, and which promises must be among the broken ones. */
export interface PlannedVariant {
  expect: 'pass' | 'fail';
  failing: readonly string[];
}

/** One service and its instances. Started by us when it has `argv`, attached when its instances have an `address`. */
export interface PlannedService {
  name: string;
  protocol: LinkProtocol;
  instances: readonly PlannedInstance[];
  /** May hold `${self.port}`, `${self.name}`, `${self.data}`, `${link.SERVICE}` (comma-separated addresses), `${gateway}`, `${lab}`, `${ca}`. */
  argv?: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Name → text, put into the folder of its data before each start; the same templates. */
  files?: Readonly<Record<string, string>>;
  workingDirectory?: string;
  /** Path (http) that answers 2xx when the instance can work; tcp: a connection is enough. */
  ready: { path?: string; timeoutMs: number; intervalMs: number };
  healthPath?: string;
  /** Fault types it accepts; undefined: all. */
  accepts?: readonly string[];
  /** What is done when an instance fails by itself; undefined: the run ends. */
  restart?: PlannedRestart;
  /** Of each instance. */
  limits?: PlannedLimits;
  /** Each instance has a folder of its own, which `${self.data}` names: in this one, or in that of the run. */
  data?: { directory?: string };
}
export interface PlannedRestart {
  /** Of one instance, in a run. */
  max: number;
  delayMs: number;
}
export interface PlannedLimits {
  cpus?: number;
  memoryBytes?: number;
}
export interface PlannedInstance {
  name: string;
  /** Fixed port to start on; undefined: any free one. */
  port?: number;
  /** `host:port` where it already runs. */
  address?: string;
  /** Its process, where it already runs. */
  process?: ForeignProcess;
  labels: Readonly<Record<string, string>>;
  /** On which hosts of a fleet it may be; on any if left out. */
  agents?: PlannedAgents;
  /** What faults of the plan need its process to be started with. */
  needs?: readonly ProcessNeed[];
}
/** Agents of a fleet: those that fit all of it, and of these so many or such a share. Instances of one service take turns over them. */
export interface PlannedAgents {
  names?: readonly string[];
  labels?: Readonly<Record<string, string>>;
  count?: number;
  percentage?: number;
}
/** Somebody else's process on this machine: it is looked at, and never started, limited or ended. */
export type ForeignProcess = { kind: 'pid'; pid: number } | { kind: 'unit' | 'container'; name: string };

/** What an instance may be at a time and another at another; who it is, is found by asking. */
export interface PlannedRole {
  name: string;
  service: string;
  /** Asked of each instance: whoever meets it holds the role. A member of the catalog of probes; words may hold `${self.*}`. */
  probe: { type: string; question: Readonly<Record<string, unknown>> };
  timeoutMs: number;
  /** How long somebody is looked for. */
  withinMs: number;
}
export interface PlannedLink extends RecordedLink {
  protected: boolean;
  /** `host:port` that it has to be on; any free port if left out. */
  listen?: string;
  /** Files are named as in the plan: from where the run was started. */
  tls?: TlsSpec;
  /** What it notes of each request, besides what every link does. */
  observe?: ObserveSpec;
}

/** What carries the links. */
export interface PlannedProxies {
  /** A member of the catalog of data planes. */
  driver: string;
  params: Readonly<Record<string, unknown>>;
  /** In a few words. */
  summary: string;
}

export interface PlannedLoad {
  warmUpMs: number;
  timeoutMs: number;
  /** To each instance. */
  connectionsMax: number;
  /** What is noted of its own requests, beside what always is. */
  observe?: LoadObserve;
  /** Side by side, each at its own pace. */
  scenarios: readonly PlannedScenario[];
}
export interface PlannedScenario {
  name: string;
  /** Its instances take turns. */
  service: string;
  /** A member of the catalog of load models, and what its schema made of the text. */
  model: { name: string; params: Readonly<Record<string, unknown>> };
  /** In a few words: `120 requests/s`. */
  summary: string;
  /** CSV rows for `${row.COLUMN}`; the file is named as in the plan: from where the run was started. */
  data?: { file: string; order: 'sequence' | 'random' };
  requests: readonly PlannedRequest[];
}
export interface PlannedRequest {
  /** The route's name in observations. */
  name: string;
  weight: number;
  method: string;
  /** May hold `${key}` (fresh and unique for every request), `${seq}` and `${row.COLUMN}`. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** What the answer must be. */
  expect?: AnswerExpectation;
  /** By what an answer is known to be a stand-in. */
  standIn?: AnswerMarker;
}

/** A probe of the steady state. */
export interface PlannedProbe extends AskedProbe {
  mode: 'start' | 'end' | 'edge' | 'continuous' | 'onFault';
}

/** A question, and when its answers decide. */
export interface AskedProbe {
  name: string;
  /** A member of the probe catalog. */
  type: string;
  intervalMs: number;
  timeoutMs: number;
  /** Results in a row that count as not met / as met again. */
  failureThreshold: number;
  successThreshold: number;
  /** Parameters of the type, checked by its schema. */
  params: unknown;
  expectation: string;
}

export interface PlannedStopCondition {
  /** A member of the catalog of stop conditions. */
  kind: string;
  params: unknown;
  /** As a person would say it. */
  summary: string;
}

export interface PlannedStep<P = unknown> {
  name: string;
  /** Steps that must have ended first. Empty: starts with the method. */
  startAfter: readonly string[];
  /** A member of the catalog of step kinds. */
  kind: string;
  /** What the kind needs to carry it out. */
  params: P;
  /** One line for people. */
  summary: string;
  /** How long it takes if nothing holds it up. */
  takesMs: number;
  /** The program that it runs, as people write it. */
  executes?: string;
  /** In place of `params` where the run is a rehearsal. */
  rehearsed?: P;
  /** The fault that it puts on. */
  fault?: PlannedFault;
  /** Instances of whose data it makes a copy. */
  copies?: readonly string[];
}
/** Of a step, or of a group of them: from the start of the first on. */
export interface PlannedDeadline {
  name: string;
  steps: readonly string[];
  deadlineMs: number;
}
export interface PlannedFault extends RecordedFault {
  /** Ready for the daemon but for the run's prefix of the id. */
  spec: Omit<FaultSpec, 'id' | 'proxies'>;
  leaseMs: number;
  /** Instances whose processes it signals although the run has not started them. */
  foreign?: readonly string[];
  /** How long they may take to be ready again after it. */
  recoveryMs?: number;
  /** Whom it means is known only when somebody has been asked; until then it is on every link that it may come to. */
  open?: { text: FaultText; roles: readonly string[]; resolve: 'start' | 'live' };
  /** HTTP faults: the phases that it acts in, and its place among the others there, lowest first. */
  turn?: { phases: readonly FlowDirection[]; order: number };
  /** In what it differs from the catalog's words, on the data plane of this plan. */
  caveats?: readonly string[];
}
