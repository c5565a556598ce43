/**
 * What the daemon tells a page, and in which shapes: `GET /v1/live` is the state of now, `GET /v1/live/stream` is what happens from there on, and
 * `GET /v1/live/history` is the last hour of a link. Types only: the page imports this file with `import type`, the daemon builds what it says.
 * All `…Ms` but `wallMs` are of the daemon's monotonic clock, which is that of the journal too.
 */
import type { JournalEvent, PhaseName } from '../../journal/events.js';
import type { LinkSecond } from '../../journal/link-second.js';
import type { FaultEnd } from '../../journal/observations.js';
import type { LiveEvent, LiveFault, LiveFleet, LiveVerdicts, RunStarted } from '../../orchestrator/run-news.js';

export type {
  LiveAgent,
  LiveEvent,
  LiveFault,
  LiveFinding,
  LiveFindingState,
  LiveFleet,
  LiveMember,
  LiveVerdicts,
  RunNews,
  RunStarted,
} from '../../orchestrator/run-news.js';

export type RunEnded = Extract<JournalEvent, { type: 'runEnded' }>;

/** `GET /v1/live` */
export interface LiveSnapshot extends LiveState {
  /** Ask the stream for what comes after this. */
  seq: number;
  /** Of this life of the daemon; numbers of another one mean nothing. */
  boot: string;
  version: string;
  environment: string;
  nowMs: number;
  /** The same instant, since 1970: `wallMs - nowMs` turns every other time into one for people. */
  wallMs: number;
  /** The run that tells this daemon what happens in it, or the last that did; null on a plain `serve`. */
  run: LiveRun | null;
  /** Of that run: at most the newest 5,000, in order, `runStarted` left out (it is in `run.started`). */
  events: readonly LiveEvent[];
  /** Begun within the last hour, or still on; oldest first, the newest 2,000. */
  faultWindows: readonly LiveFaultWindow[];
  /** The last two minutes of every link of which there is something to tell. Ask `GET /v1/live/history` for the last hour of one. */
  history: readonly LiveHistory[];
}

export interface LiveRun {
  run: string;
  epoch: number;
  /** With the plan as recorded: services, links, policies, steps, checks, gameDay. */
  started: RunStarted;
  /** Null before the first and after the last. */
  phase: PhaseName | null;
  /** Null while it goes on. */
  ended: RunEnded | null;
  /** Null before the first fault was on. */
  verdicts: LiveVerdicts | null;
  /** Null where its links are this daemon's. */
  fleet: LiveFleet | null;
  /** Events that came too many at a time for the way from the run to here, and are only in its journal. */
  eventsLost: number;
}

/** What changes now and then, always told as a whole. */
export interface LiveState {
  /** The first 500 by age; `proxiesTotal` says how many there are. */
  proxies: readonly LiveProxy[];
  proxiesTotal: number;
  /** Those that are on now, here and on the hosts of a fleet, the first 500. */
  faults: readonly LiveFault[];
  /** That wait for somebody: answer with `POST /v1/gates/:name`. */
  gates: readonly LiveGate[];
  halted: { reason: string; since: string } | null;
  /** Who holds the daemon's claim: while it is not null, faults of others are refused. */
  claimedBy: string | null;
}

export interface LiveProxy {
  /** In a run, the link's name. */
  name: string;
  protocol: string;
  listen: string;
  upstream: string;
  enabled: boolean;
  protected: boolean;
  /** The ends at which it speaks TLS. */
  tls: readonly ('terminate' | 'originate')[];
}

export interface LiveFaultWindow {
  fault: string;
  run: string;
  type: string;
  proxies: readonly string[];
  fromMs: number;
  /** Null while it is on. */
  toMs: number | null;
  /** How it ended. */
  how: FaultEnd | null;
}

export interface LiveGate {
  name: string;
  run: string;
  question: string;
  /** Who may answer; anybody if empty. */
  by: readonly string[];
  /** Inputs that an answer may set: the run ends, and the system is begun again with them. Empty but for `faultlab lab play`. */
  sets: readonly { input: string; values: readonly string[] }[];
}

/**
 * `GET /v1/live/stream?boot=BOOT&after=SEQ`: server-sent events whose `id` is their number and whose `event` is a name of this table. After `gap` the stream
 * ends, and only a new snapshot helps. A `second` comes every second, whatever happens: who has heard nothing for three is stale.
 */
export interface LiveMessages {
  second: LiveSecond;
  /** Any but `runStarted`. */
  journal: LiveEvent;
  /** Another run has begun: what was known of the one before is over. */
  run: LiveRun;
  state: LiveState;
  /** Begun or ended; takes the place of the one with the same `fault` and `fromMs`. */
  fault: LiveFaultWindow;
  verdicts: LiveVerdicts;
  fleet: LiveFleet;
  gap: LiveGap;
}

export interface LiveSecond {
  nowMs: number;
  wallMs: number;
  /** Mostly of the second that has just ended; others may come later. Takes the place of what was known of that link and second. */
  seconds: readonly LinkSecond[];
  /** Counts of those that are on; the first 500. */
  faults: readonly LiveFault[];
}

export interface LiveGap {
  /** `restarted`: it is another daemon, or another life of it; `late`: what is asked for is no longer kept. */
  reason: 'restarted' | 'late';
}

/** `GET /v1/live/history?link=NAME[&from=SECOND]`: one link, the last hour at most. LINK_UNKNOWN where nothing was ever seen of it. */
export interface LiveHistory {
  link: string;
  /** The first second of the columns; a value each for it and all that follow, 0 or null where nothing happened. */
  fromSecond: number;
  columns: { readonly [K in Exclude<keyof LinkSecond, 'link' | 'second'>]: readonly LinkSecond[K][] };
}
