/**
 * Passes through an open breaker: trials, or leaks. No single pass says which it is; its wait does. A breaker waits before each trial, for a
 * time that is always about the same or grows by a law, while leaks come when they come.
 */
import { isSuccess } from '../../journal/observations.js';
import { type Demand, passed } from './demand.js';

/** A wait may jitter, but not be shorter than this part of an earlier one. */
const SHRINK_MIN = 0.5;
/** A wait so many times longer than the one before has grown, and not by jitter. */
const GROWTH_JUMP = 1.75;
/** No back-off grows faster than this. */
const GROWTH_MAX = 4;
/** Where waits grow by a law, each is at least so many times the one before, jitter included. */
const GROWTH_MIN = 1.3;
/** Waits are known to the requests on either side, and to the stalls of a busy machine; what waits less than that is a throttle's pass. */
const STALL_MS = 100;
const SLACK_REQUESTS = 2;

/** Passes that belong together: nobody was turned away between them, or they began before the first was answered. */
export interface Burst {
  startMs: number;
  /** The first answer to any of them. */
  answeredMs: number;
  passes: Demand[];
  succeeded: boolean;
}

function newBurst(first: Demand): Burst {
  return { startMs: first.startMs, answeredMs: answeredMs(first), passes: [first], succeeded: first.attempts.some(isSuccess) };
}

function join(burst: Burst, demand: Demand): void {
  burst.passes.push(demand);
  burst.answeredMs = Math.min(burst.answeredMs, answeredMs(demand));
  burst.succeeded ||= demand.attempts.some(isSuccess);
}

const wireStartMs = (demand: Demand): number => demand.attempts[0]?.startMs ?? demand.startMs;

function answeredMs({ attempts: [attempt], endMs }: Demand): number {
  return attempt?.responseStartMs ?? attempt?.endMs ?? endMs;
}

/** The passes among demand while open, in bursts. What began before the first rejection was delivered was under way when it opened. */
export function burstsOf(inside: readonly Demand[], rejectedMs: number): Burst[] {
  const bursts: Burst[] = [];
  let previous = Number.NaN;
  for (const [i, demand] of inside.entries()) {
    if (!passed(demand) || demand.startMs <= rejectedMs) continue;
    const burst = bursts[bursts.length - 1];
    if (burst !== undefined && (previous === i - 1 || wireStartMs(demand) < burst.answeredMs)) join(burst, demand);
    else bursts.push(newBurst(demand));
    previous = i;
  }
  return bursts;
}

/** The latest instant at which it can have closed, given the demand after it had; and the trial that did it, unless that is the last of the bursts. */
export function closingOf(closed: readonly Demand[], bursts: readonly Burst[]): { trial?: Burst; atMs: number } {
  // In order of the wire: after a stall of the caller requests arrive together and overtake each other.
  const passes = closed.filter(passed).sort((a, b) => wireStartMs(a) - wireStartMs(b));
  const [first] = passes;
  if (first === undefined) return { atMs: closed[0]?.startMs ?? Number.NaN };
  const last = bursts[bursts.length - 1];
  const isKnown = last?.succeeded === true;
  const trial = isKnown ? last : newBurst(first);
  for (const demand of isKnown ? passes : passes.slice(1)) {
    if (wireStartMs(demand) >= trial.answeredMs) return { ...(!isKnown && { trial }), atMs: wireStartMs(demand) };
    join(trial, demand);
  }
  return { ...(!isKnown && { trial }), atMs: trial.answeredMs };
}

interface Waiting {
  openedMs: number;
  /** The last burst closed the breaker: a trial, by what followed. */
  isClosed: boolean;
  /** Mean time between requests: no wait is known better. */
  intervalMs: number;
}

/** Tells them apart: first who came far too early, then who stands before a jump that no law of growth explains. */
export function tellTrials(bursts: readonly Burst[], waiting: Waiting): { trials: Burst[]; waitsMs: number[]; leaks: Demand[] } {
  const slackMs = STALL_MS + SLACK_REQUESTS * waiting.intervalMs;
  const punctual = dropEarly(bursts, waiting, slackMs);
  const trials = dropBeforeJumps(punctual, waiting, slackMs);
  const kept = new Set(trials);
  const leaks = bursts.filter((burst) => !kept.has(burst)).flatMap((burst) => burst.passes);
  return { trials, waitsMs: waitsOf(trials, waiting.openedMs), leaks };
}

function waitsOf(trials: readonly Burst[], openedMs: number): number[] {
  return trials.map((trial, i) => trial.startMs - (trials[i - 1]?.answeredMs ?? openedMs));
}

function dropEarly(bursts: readonly Burst[], { openedMs, isClosed }: Waiting, slackMs: number): Burst[] {
  const trials: Burst[] = [];
  let longestMs = 0;
  for (const [i, burst] of bursts.entries()) {
    const waitMs = burst.startMs - (trials[trials.length - 1]?.answeredMs ?? openedMs);
    const closedIt = isClosed && i === bursts.length - 1;
    if (waitMs < Math.max(slackMs, longestMs * SHRINK_MIN - slackMs) && !closedIt) continue;
    trials.push(burst);
    longestMs = Math.max(longestMs, waitMs);
  }
  return trials;
}

function dropBeforeJumps(bursts: readonly Burst[], { openedMs }: Waiting, slackMs: number): Burst[] {
  const waits = waitsOf(bursts, openedMs);
  const level = waits.findIndex((waitMs, i) => i > 0 && waitMs < (waits[i - 1] ?? 0) * GROWTH_MIN);
  const growsUpTo = level < 0 ? waits.length : level;
  const kept: Burst[] = [];
  let next: Burst | undefined;
  for (let i = bursts.length - 1; i >= 0; i--) {
    const [burst, waitMs] = [bursts[i], waits[i]];
    if (burst === undefined || waitMs === undefined) continue;
    const nextMs = next === undefined ? 0 : next.startMs - burst.answeredMs;
    const isJump = nextMs > waitMs * GROWTH_JUMP + slackMs;
    const isLaw = i < growsUpTo && nextMs <= waitMs * GROWTH_MAX + slackMs;
    if (isJump && !isLaw) continue;
    kept.push(burst);
    next = burst;
  }
  return kept.reverse();
}
