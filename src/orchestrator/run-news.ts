/**
 * What a run tells of itself to whoever shows it while it goes on, as it goes over the wire: its journal but for the traffic, the load generator's sums, and
 * what is known of its promises. Types only: the daemon takes these, and the page reads them.
 */
import type { JournalEvent } from '../journal/events.js';
import type { LinkSecond } from '../journal/link-second.js';
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

/** `POST /v1/runs/:run/events`. In order; the first that a run sends holds `runStarted`. */
export interface RunNews {
  epoch: number;
  events: readonly (LiveEvent | RunStarted)[];
  /** What the daemon does not see itself: the load generator's requests. */
  seconds: readonly LinkSecond[];
  verdicts: LiveVerdicts | null;
  /** Events left out since the last news, because too many came at a time. */
  lost: number;
}
