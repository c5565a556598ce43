/**
 * Which detectors are compared, each over the figure that trades speed for calm, and what one makes of heartbeats that have already come. All of
 * them hear the very same heartbeats, so that what differs is the detector and not its luck.
 */
import { detectors } from './catalog.js';
import { type OpenWatch, openWatch } from './choice.js';
import type { Sign } from './detector.js';
import type { Crash, Turn } from './quality.js';

/** A heartbeat as an observer got it. */
export interface Beat {
  observer: string;
  sequence: number;
  atMs: number;
}

/** A detector with one setting. */
export interface Candidate {
  detector: string;
  /** The figure that was turned, as a person would write it: `timeout 300ms`. */
  setting: string;
  params: unknown;
  /** For one that hears opinions: the time-out by which each of the three observers has its own. It is told of every observer's heartbeats. */
  opinionsBy?: { timeout: string };
}

const MULTIPLES = [1.5, 2, 3, 5, 8, 12] as const;
/** Only at 3 and 4 do confirmations shorten the time to refute: below none is asked for, and above, more than two others can give. */
const MULTIPLES_OF_SUSPICION = [1, 2, 3, 4, 6, 8] as const;
/** The three observers and the sender. */
const SWIM_MEMBERS = 4;
/** Intervals since the last answer: one to the next question and half of one for its answer, memberlist's proportion in a LAN. */
const SWIM_ANSWER_DUE = 1.5;

/** Every detector that can be told a crash from heartbeats, over so many times the interval or so high a phi. */
export function candidates(intervalMs: number): Candidate[] {
  const ms = (multiple: number): string => `${Math.round(multiple * intervalMs)}ms`;
  const interval = ms(1);
  const each = (detector: string, values: readonly number[], of: (value: number) => Omit<Candidate, 'detector'>): Candidate[] =>
    values.map((value) => ({ detector, ...of(value) }));
  return [
    ...each('fixedTimeout', MULTIPLES, (x) => ({ setting: `timeout ${ms(x)}`, params: { timeout: ms(x) } })),
    ...each('phiAccrual', [1, 2, 3, 5, 8, 12], (phi) => ({
      setting: `phi ${phi}`,
      params: { threshold: phi, interval, deviationMin: ms(0.1) },
    })),
    ...each('akkaPhi', [1, 3, 5, 8, 12], (phi) => ({
      setting: `phi ${phi}`,
      params: { threshold: phi, heartbeatInterval: interval, minStdDeviation: ms(0.1), acceptableHeartbeatPause: ms(3) },
    })),
    ...each('cassandraPhi', [5, 8, 12], (phi) => ({
      setting: `phi ${phi}`,
      params: { phiConvictThreshold: phi, fdInitialValue: ms(2), fdMaxInterval: ms(2), maxLocalPause: ms(5) },
    })),
    ...each('chenArrival', [0.5, 1, 2, 4, 7, 11], (x) => ({ setting: `margin ${ms(x)}`, params: { interval, margin: ms(x) } })),
    ...each('kubernetesProbe', [1, 2, 3, 5, 8], (failures) => ({
      setting: `${failures} failed`,
      params: { failureThreshold: failures },
    })),
    ...each('nodeLease', [2, 4, 8], (x) => ({ setting: `grace ${ms(x)}`, params: { monitorPeriod: ms(1), gracePeriod: ms(x) } })),
    ...each('quorum', MULTIPLES, (x) => ({
      setting: `2 of 3 at ${ms(x)}`,
      params: { needed: 2, opinionsLast: ms(3) },
      opinionsBy: { timeout: ms(x) },
    })),
    ...each('swim', MULTIPLES_OF_SUSPICION, (suspicionMult) => ({
      setting: `suspicionMult ${suspicionMult}`,
      params: { members: SWIM_MEMBERS, probeInterval: interval, suspicionMult },
      opinionsBy: { timeout: ms(SWIM_ANSWER_DUE) },
    })),
  ];
}

/** How often a detector is asked, in parts of the interval; what it turns to is known to that resolution. */
const QUESTIONS_PER_INTERVAL = 10;

interface Heard {
  /** Whose detector it is, where each has its own; what hears opinions has all observers. */
  observer: string;
  beats: readonly Beat[];
  intervalMs: number;
  span: Crash;
}

/** When the candidate changes its mind about the sender of these beats, which are in the order of their times. */
export function turnsOf(candidate: Candidate, heard: Heard): Turn[] {
  const { span, intervalMs, beats } = heard;
  const feed = candidate.opinionsBy ? sharedFeed(candidate, candidate.opinionsBy, heard) : ownFeed(candidate, heard);
  const turns: Turn[] = [];
  const stepMs = intervalMs / QUESTIONS_PER_INTERVAL;
  let next = 0;
  let before = false;
  for (let step = 1; span.fromMs + step * stepMs <= span.toMs; step++) {
    const nowMs = span.fromMs + step * stepMs;
    for (let beat = beats[next]; beat !== undefined && beat.atMs <= nowMs; beat = beats[next]) {
      feed.beat(beat);
      next += 1;
    }
    const suspected = feed.ask(nowMs, step % QUESTIONS_PER_INTERVAL === 0);
    if (suspected !== before) turns.push({ atMs: nowMs, suspected });
    before = suspected;
  }
  return turns;
}

/** How a detector is fed: with each beat, and with what is asked once an interval. */
interface Feed {
  beat(beat: Beat): void;
  ask(nowMs: number, isRound: boolean): boolean;
}

function opened({ detector, params }: Pick<Candidate, 'detector' | 'params'>, startMs: number): OpenWatch {
  return openWatch({ detector, params: detectors.get(detector)?.schema.parse(params) }, startMs);
}

/** One observer alone. Who asks questions gets an answer if a heartbeat has come since the last round. */
function ownFeed(candidate: Candidate, { observer, span }: Heard): Feed {
  const { watch, asks } = opened(candidate, span.fromMs);
  let wasHeard = false;
  return {
    beat: ({ observer: by, sequence, atMs }) => {
      if (by !== observer) return;
      wasHeard = true;
      if (!asks) watch.observe({ kind: 'heartbeat', sequence }, atMs);
    },
    ask: (nowMs, isRound) => {
      if (asks && isRound) {
        watch.observe({ kind: 'probe', succeeded: wasHeard } satisfies Sign, nowMs);
        wasHeard = false;
      }
      return watch.status(nowMs).suspected;
    },
  };
}

/**
 * All observers together: each has a fixed time-out of its own, and tells the detector what it thinks and that it heard a heartbeat. For SWIM a
 * heartbeat is an answered probe: a direct one for whoever hears it, one by way of another for the rest. Its absence is a failed one, the first to
 * suspect begins the time to refute, the others confirm as their own time-outs pass, and whatever anybody hears of the sender refutes.
 * Not in the model: a network between the observers (they tell each other at once, and nothing is lost), who asks whom when, incarnations (a heartbeat
 * that was late on its way refutes, too), and Lifeguard's health of the observer itself. So it shows the timer, and not gossip.
 */
function sharedFeed(candidate: Candidate, params: { timeout: string }, { beats, span }: Heard): Feed {
  const { watch } = opened(candidate, span.fromMs);
  const members = new Map(observersOf(beats).map((name) => [name, opened({ detector: 'fixedTimeout', params }, span.fromMs).watch]));
  return {
    beat: ({ observer, sequence, atMs }) => {
      const heartbeat = { kind: 'heartbeat', sequence } satisfies Sign;
      members.get(observer)?.observe(heartbeat, atMs);
      watch.observe(heartbeat, atMs);
    },
    ask: (nowMs) => {
      for (const [observer, member] of members) {
        watch.observe({ kind: 'opinion', observer, suspects: member.status(nowMs).suspected }, nowMs);
      }
      return watch.status(nowMs).suspected;
    },
  };
}

function observersOf(beats: readonly Beat[]): string[] {
  return [...new Set(beats.map(({ observer }) => observer))].toSorted();
}
