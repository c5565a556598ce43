/**
 * The journal: what happened in a run, one JSON object a line, in the order in which the orchestrator learnt it. Everything after the run
 * (checks, reports, dashboards) reads these events and nothing else, so a verdict can be computed again from a stored file.
 */
import type { Connection, Exchange, FaultEnd, GateInputs } from './observations.js';
import type { RecordedPlay } from './recorded-play.js';
import type { TrafficSum } from './traffic-sum.js';

/** The part of a plan that judging needs: who there is, who calls whom, what was promised. Plain data, written whole into `runStarted`. */
export interface RecordedPlan {
  title: string;
  description?: string;
  file: string;
  owner?: string;
  /** Where to look when it goes wrong. */
  runbook?: string;
  /** Free words, for sorting runs. */
  labels?: Readonly<Record<string, string>>;
  environment: string;
  seed: number;
  /** A rehearsal: faults matched and counted, and changed nothing. */
  isDry?: true;
  inputs: Readonly<Record<string, string>>;
  /** It is no run: requests that somebody else’s log tells of, and nothing besides. `hasTimes`: each says how long it took. */
  log?: { hasTimes: boolean };
  services: readonly RecordedService[];
  links: readonly RecordedLink[];
  /** Why nothing of what crossed the links was recorded; left out when all was. The load generator's own requests always are. */
  linksUnseen?: string;
  /** Scenarios of the load: their names are the `route` of the generator's exchanges. */
  load?: RecordedLoad;
  /** Defences that callers are said to have; left out where the plan declares none. */
  policies?: readonly RecordedPolicy[];
  probes: readonly RecordedProbe[];
  steps: readonly RecordedStep[];
  checks: readonly RecordedCheck[];
  /** Left out of experiments. */
  gameDay?: RecordedGameDay;
  /** Left out where nobody is to play with it. */
  play?: RecordedPlay;
}
export interface RecordedGameDay {
  people: readonly { name: string; role?: string; contact?: string }[];
  briefing?: string;
  /** In order. `steps`: the names of its steps; left out by versions of before. */
  acts: readonly { name: string; title: string; steps?: readonly string[] }[];
  questions: readonly string[];
}
/** Where a run was carried out, and with what. */
export interface RecordedMachine {
  host: string;
  /** `linux 6.1.0 x64` */
  system: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  node: string;
}
export interface RecordedService {
  name: string;
  instances: readonly string[];
  /** Paths of health and readiness checks: never counted as data. */
  probePaths: readonly string[];
}
export interface RecordedLink {
  /** `gateway-1->inventory-3` */
  name: string;
  from: string;
  fromService: string;
  to: string;
  toService: string;
  protocol: 'tcp' | 'http' | 'http2';
}
export interface RecordedLoad {
  /** The service the generator calls. */
  service: string;
  /** Its pace in a few words. Runs of before there were several models wrote a rate alone, as `ratePerSecond`. */
  summary?: string;
  ratePerSecond?: number;
  routes: readonly {
    name: string;
    method: string;
    weight: number;
    /** The load knows a stand-in when it gets one. */
    hasStandIn?: boolean;
  }[];
}
/** A named declaration of defences between two services. */
export interface RecordedPolicy {
  name: string;
  /** Services: the one that has the defences, and the one it calls behind them. */
  from: string;
  to: string;
  /** The product whose defences these are, with all of its settings, by its name: `envoy`. */
  preset?: Readonly<Record<string, unknown>>;
  /** By the name of the mechanism (`circuitBreaker`), what its schema made of the plan's text; `declared` gives it back typed. */
  settings: Readonly<Record<string, unknown>>;
  /** One line for people, in the words of the plan. */
  summary: string;
}
export interface RecordedProbe {
  name: string;
  type: string;
  mode: 'start' | 'end' | 'edge' | 'continuous' | 'onFault';
  /** As a person would say it: `successRate >= 95`. */
  expectation: string;
  /** Results in a row that count as not met; 1 if omitted. Only probes that are asked again and again are judged by it. */
  failureThreshold?: number;
  /** Results in a row that count as met again; 1 if omitted. */
  successThreshold?: number;
}
export interface RecordedStep {
  name: string;
  /** A member of the catalog of step kinds. */
  kind: string;
  startAfter: readonly string[];
  /** One line for people; journals of before have none. */
  summary?: string;
  fault?: RecordedFault;
}
export interface RecordedFault {
  /** The type as written in the plan (`partition`), and the one that the daemon performs (`blackhole`). */
  type: string;
  performs: string;
  /** HTTP faults: whether it acts on requests (up) or answers (down). Left out of others, and in journals of before there was this. */
  phases?: readonly ('up' | 'down')[];
  links: readonly string[];
  /** Instances whose processes it acts on; then it is on no link, and `links` are those that lead there. */
  processes?: readonly string[];
  /** Callee instances of those links: the ones that are bad while the fault is on. */
  instances: readonly string[];
  /** Whom the plan chose, and why, where that is more than a name. */
  chosen?: readonly string[];
  durationMs: number;
  minMatched: number;
  /** One line for people: `abort 503, 40 % of requests, path /stock*`. */
  summary: string;
  /** Of one level of a sweep. */
  severity?: RecordedSeverity;
}
export interface RecordedSeverity {
  /** What is varied from level to level: `percentage`, or a parameter that is a duration. */
  of: string;
  /** Per cent, or milliseconds. */
  value: number;
  /** As a person would say it: `40 %`, `250ms`. */
  text: string;
}
export interface RecordedCheck {
  /** The name given in the plan, else the check's own. */
  name: string;
  check: string;
  severity: 'fail' | 'warn';
  /** What the check's schema made of the plan's text: defaults filled in, quantities as plain numbers. */
  params: unknown;
}

export type PhaseName = 'setup' | 'baseline' | 'method' | 'heal' | 'settle' | 'teardown';
/** Before the method. `undecided`: there was nothing to judge by, so nothing was injected, as if it were not met. */
export type SteadyState = 'met' | 'notMet' | 'undecided' | 'unchecked';
export type RunStatus = 'completed' | 'stopped' | 'interrupted' | 'error';

interface Base {
  /** Counts from 1 without gaps; evidence names events by it. */
  n: number;
  atMs: number;
}
/** A fault's level from that instant on; left out where the data plane does not tell. */
export interface RecordedLevel {
  /** False while its pulse has it off. */
  isOn?: boolean;
  /** The share that it hits, 0…100. */
  percentage?: number;
}
export type JournalEvent =
  | (Base & {
      type: 'runStarted';
      run: string;
      epoch: number;
      version: string;
      wallMs: number;
      plan: RecordedPlan;
      /** Left out by versions of before. */
      machine?: RecordedMachine;
      /** Of whoever holds the proxies. */
      daemonVersion?: string;
      /** Who has read the briefing, and said that it may begin. */
      briefedBy?: string;
    })
  | (Base & { type: 'leftover'; run: string; what: string })
  | (Base & { type: 'serviceStarted'; instance: string; pid: number; address: string })
  | (Base & { type: 'serviceReady'; instance: string; tookMs: number })
  | (Base & { type: 'serviceExited'; instance: string; code: number | null; signal: string | null; expected: boolean })
  /** What an instance finds when it starts again; what it had left is kept under another name. */
  | (Base & { type: 'dataReplaced'; instance: string; by: 'copy' | 'nothing'; keptAs: string })
  /** A copy of its data was made. */
  | (Base & { type: 'dataCopied'; instance: string; files: number; bytes: number })
  | (Base & { type: 'phaseStarted'; phase: PhaseName })
  | (Base & { type: 'phaseEnded'; phase: PhaseName })
  | (Base & { type: 'stepStarted'; step: string })
  | (Base & { type: 'stepEnded'; step: string; outcome: 'completed' | 'stopped' | 'error'; reason?: string })
  /** Who held a role when somebody had to know. */
  | (Base & { type: 'roleFound'; role: string; instances: readonly string[] })
  /** Durable before the daemon is asked; a run that dies in between leaves this line, and the next run heals it. */
  | (Base & { type: 'faultIntended'; fault: string; step: string; links: readonly string[]; performs: string })
  | (Base & { type: 'faultApplied'; fault: string; step: string } & RecordedLevel)
  /** Its pulse or ramp came to another level, or somebody changed it. `untold`: so many turns before this one were not told. */
  | (Base & { type: 'faultTurned'; fault: string; step: string; change: 'turned' | 'changed'; untold?: number } & RecordedLevel)
  /** A step of the method let go what this fault held. */
  | (Base & { type: 'faultReleased'; fault: string; step: string; released: number; held: number })
  /** `atMs` is the daemon's own instant. */
  | (Base & {
      type: 'faultEnded';
      fault: string;
      step: string;
      reason: 'healed' | 'expired' | 'duration' | 'halted';
      /** `null` where the data plane does not tell. */
      matched: number | null;
      applied: number | null;
      skipped: number | null;
      /** Chosen while as many were hit as may be at a time; left out if none was. */
      overflow?: number;
      /** Requests whose body the fault was to look into and could not; left out if there was none. */
      unread?: number;
      /** What was counted, where that is not requests or connections. */
      counted?: 'processes';
    })
  /**
   * Somebody put a fault on beside the plan, or it changed, or ended. `intended` is durable before processes are touched; a fault on links is told of when it
   * is on. `refused`: it never was.
   */
  | (Base & {
      type: 'handFault';
      fault: string;
      change: 'intended' | 'refused' | 'applied' | 'turned' | 'changed' | FaultEnd;
      by: string;
      /** A member of the catalog of faults. */
      performs: string;
      /** Where it is, or, of a fault on processes, those that lead there. */
      links: readonly string[];
      /** Instances whose processes it acts on. */
      processes?: readonly string[];
      /** Why it was refused. */
      reason?: string;
      /** When it ended. */
      matched?: number;
      applied?: number;
    } & RecordedLevel)
  /** What an instance says of itself from now on; null: it does not answer. */
  | (Base & { type: 'selfWord'; instance: string; said: Readonly<Record<string, string>> | null })
  | (Base & { type: 'probeResult'; probe: string; phase: PhaseName; met: boolean | null; value: number | string | null; detail: string })
  | (Base & { type: 'stopTripped'; condition: string; detail: string })
  | (Base & { type: 'signal'; name: string })
  | (Base & {
      type: 'loadEnded';
      sent: number;
      answered: number;
      failed: number;
      /** Of the requests whose answers something was expected of. */
      expected?: { met: number; unmet: number } | undefined;
      /** Part of `failed`: due while too many others were in flight, and never sent. */
      notSent: number;
      /** How late the latest request left; large on a busy machine. */
      lateMsMax: number;
      /** From intended start to the end of the answer. */
      percentilesMs: Readonly<Record<string, number>>;
      notes: readonly string[];
    })

  /** Observations that were lost at a bound: what depends on them is inconclusive. */
  | (Base & { type: 'observationsLost'; count: number; reason: string })
  /** The clock of an agent, by which times of these links were noted: so much was added to them, wrong by at most `boundMs`. Null: it was never compared. */
  | (Base & { type: 'clockCompared'; agent: string; links: readonly string[]; offsetMs: number | null; boundMs: number | null })
  | (Base & { type: 'exchange' } & Omit<Exchange, 'kind'>)
  | (Base & { type: 'connection' } & Omit<Connection, 'kind'>)
  /** In place of exchanges, where they are not kept one by one. */
  | (Base & { type: 'trafficSum' } & TrafficSum)
  | (Base & { type: 'note'; text: string; by?: string })
  /** To a question of the game day, after its run has ended. */
  | (Base & { type: 'answer'; question: string; text: string; by?: string })
  /** A step waits for somebody, and what became of it. */
  | (Base & { type: 'gateOpened'; gate: string; question: string; by: readonly string[]; timeoutMs: number })
  | (Base & { type: 'gateClosed'; gate: string; decision: 'approved' | 'refused' | 'timedOut'; by?: string; inputs?: GateInputs })
  | (Base & { type: 'loadChanged'; step: string; summary: string })
  /** `code` null: it did not end by itself. */
  | (Base & { type: 'programEnded'; step: string; code: number | null; detail: string })
  | (Base & { type: 'healConfirmed'; tookMs: number })
  | (Base & { type: 'healFailed'; reason: string })
  | (Base & { type: 'errorRaised'; code: string; message: string })
  | (Base & {
      type: 'runEnded';
      status: RunStatus;
      steadyState: SteadyState;
      cleanup: 'confirmed' | 'dirty';
      reason?: string;
    });

/** An event as its author writes it: the writer adds `n`, and `atMs` where it is left out. */
export type NewEvent = JournalEvent extends infer E ? (E extends JournalEvent ? Omit<E, 'n' | 'atMs'> & { atMs?: number } : never) : never;
