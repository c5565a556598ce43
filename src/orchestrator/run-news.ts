/**
 * What a run tells of itself to whoever shows it while it goes on, as it goes over the wire: its journal but for the traffic, the load generator's sums, and
 * what is known of its promises. Types only: the daemon takes these, and the page reads them.
 */
import type { FaultStatus } from '../dataplane/fault-status.js';
import type { JournalEvent } from '../journal/events.js';
import type { LinkSecond } from '../journal/link-second.js';
import type { FaultChange } from '../journal/observations.js';
import type { StateLane } from '../verify/state-lane.js';

/** Events of the journal that are told; traffic comes as sums. */
export type LiveEvent = Exclude<JournalEvent, { type: 'exchange' | 'connection' | 'trafficSum' }>;
export type RunStarted = Extract<JournalEvent, { type: 'runStarted' }>;

/** Of all promises of a run, as far as it has come; final once the run was judged. */
export interface LiveVerdicts {
  atMs: number;
  /** The verdict of the run as a whole, and its exit code; null as long as it goes on. */
  final: { verdict: LiveFindingState; exitCode: number; reason: string | null } | null;
  findings: readonly LiveFinding[];
  /** What breakers and instances were in, at most 200 lanes and the newest 200 segments of each. */
  lanes: readonly StateLane[];
}

/** `open`: there is nothing to say yet. */
export type LiveFindingState = 'open' | 'pass' | 'fail' | 'inconclusive' | 'error';

export interface LiveFinding {
  /** As in the plan's `checks`. */
  name: string;
  check: string;
  severity: 'fail' | 'warn';
  state: LiveFindingState;
  /** One sentence; empty while `open`. */
  summary: string;
}

/** A fault that is on. Of one that nobody here performs, when it ends is not known (null), nor what it holds (0). */
export type LiveFault = Omit<FaultStatus, 'overflow' | 'unread' | 'beside'>;

/** The hosts of a run whose links and services are not this daemon's. */
export interface LiveFleet {
  /** Those of the run first, each part by name; the first 500. `agentsTotal` says how many there are. */
  agents: readonly LiveAgent[];
  agentsTotal: number;
  /** That are on somewhere. */
  faults: readonly LiveFault[];
}

export interface LiveAgent {
  name: string;
  labels: Readonly<Record<string, string>>;
  host: string;
  version: string;
  /** Taken by no new run. */
  isDraining: boolean;
  /** The run that has it; null: none. */
  heldBy: string | null;
  /** Of the run that tells; null for hosts that it has not taken. */
  member: LiveMember | null;
}

/** What a run knows of one of its hosts. Instants are of the run's clock, which is that of the daemon's machine. */
export interface LiveMember {
  /** Why it cannot be followed any more, and since when; null while it can. */
  lost: { reason: string; atMs: number } | null;
  /** `ours = theirs + offsetMs`, wrong by no more than `boundMs`; null: nothing is known of it yet. */
  clock: { offsetMs: number; boundMs: number } | null;
  instances: readonly string[];
  /** Links that it carries, or is to carry. */
  links: readonly string[];
  /** Ids of those that are on there. */
  faults: readonly string[];
  /** Number of the newest orders, and of those that it has done. */
  ordered: number;
  applied: number;
  observations: {
    taken: number;
    lost: number;
    /** When it last sent some; null: never. */
    heardMs: number | null;
    /** How old the newest of them were by then. */
    behindMs: number;
  };
}

/** `POST /v1/runs/:run/events`. In order; the first that a run sends holds `runStarted`. */
export interface RunNews {
  epoch: number;
  events: readonly (LiveEvent | RunStarted)[];
  /** What the daemon does not see itself: the load generator's requests, and those on links of a fleet. */
  seconds: readonly LinkSecond[];
  /** Of faults that the daemon does not perform. */
  faultChanges: readonly FaultChange[];
  /** Null: as it was, or there is none. */
  fleet: LiveFleet | null;
  verdicts: LiveVerdicts | null;
  /** Events left out since the last news, because too many came at a time. */
  lost: number;
}
