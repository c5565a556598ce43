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
/** So many passes for each request between them that did not pass, and they are one burst: a cache or a loss in between says nothing. */
const PASSES_PER_MISS = 3;
/** Waits are known to the requests on either side, and to the stalls of a busy machine; what waits less than that is a throttle's pass. */
const STALL_MS = 100;
const SLACK_REQUESTS = 2;

/** Passes that belong together: nobody was turned away between them, or they began before the first was answered. */
export interface Burst {
  startMs: number;
  /** The first answer to any of them. */
  answeredMs: number;
  /** When it was decided by: at the first answer, or at the last where it went on letting requests through after the first. */
  decidedMs: number;
  passes: Demand[];
  succeeded: boolean;
}

function newBurst(first: Demand): Burst {
  const atMs = answeredMs(first);
  return { startMs: first.startMs, answeredMs: atMs, decidedMs: atMs, passes: [first], succeeded: first.attempts.some(isSuccess) };
}

function join(burst: Burst, demand: Demand): void {
  const atMs = answeredMs(demand);
  burst.passes.push(demand);
  burst.decidedMs = wireStartMs(demand) > burst.answeredMs ? Math.max(burst.decidedMs, atMs) : Math.min(burst.decidedMs, atMs);
  burst.answeredMs = Math.min(burst.answeredMs, atMs);
  burst.succeeded ||= demand.attempts.some(isSuccess);
}

const wireStartMs = (demand: Demand): number => demand.attempts[0]?.startMs ?? demand.startMs;

function answeredMs({ attempts: [attempt], endMs }: Demand): number {
  return attempt?.responseStartMs ?? attempt?.endMs ?? endMs;
}

/** The passes among demand while open, in bursts. What began before the first rejection was delivered was under way when it opened. */
export function burstsOf(inside: readonly Demand[], rejectedMs: number): Burst[] {
  let runs: Run[] = [];
  for (const [i, demand] of inside.entries()) {
    if (!passed(demand) || demand.startMs <= rejectedMs) continue;
    const run = runs[runs.length - 1];
    if (run !== undefined && (run.to === i - 1 || wireStartMs(demand) < run.burst.answeredMs)) {
      join(run.burst, demand);
      run.to = i;
    } else runs.push({ from: i, to: i, burst: newBurst(demand) });
  }
  for (let before = Number.POSITIVE_INFINITY; runs.length < before; ) {
    before = runs.length;
    runs = bridgeMisses(runs);
  }
  return runs.map((run) => run.burst);
}

/** A burst with the places of its first and last pass among the demand. */
interface Run {
  from: number;
  to: number;
  burst: Burst;
}

/** Joins neighbours between which hardly anybody was turned away, for so many as passed. */
function bridgeMisses(runs: readonly Run[]): Run[] {
  const bridged: Run[] = [];
  for (const run of runs) {
    const last = bridged[bridged.length - 1];
    const passes = run.burst.passes.length + (last?.burst.passes.length ?? 0);
    const misses = last === undefined ? Number.POSITIVE_INFINITY : run.to - last.from + 1 - passes;
    if (last === undefined || passes < PASSES_PER_MISS * misses) bridged.push(run);
    else {
      for (const demand of run.burst.passes) join(last.burst, demand);
      last.to = run.to;
    }
  }
  return bridged;
}

/**
 * The latest instant at which it can have closed, given the demand after it had; and the trial that did it, unless that is the last of the bursts.
 * A burst that succeeded and was followed by a wait has not closed it: others of its trials failed.
 */
export function closingOf(
  closed: readonly Demand[],
  { bursts, intervalMs }: { bursts: readonly Burst[]; intervalMs: number },
): { trial?: Burst; atMs: number } {
  // In order of the wire: after a stall of the caller requests arrive together and overtake each other.
  const passes = closed.filter(passed).sort((a, b) => wireStartMs(a) - wireStartMs(b));
  const [first] = passes;
  if (first === undefined) return { atMs: closed[0]?.startMs ?? Number.NaN };
  const last = bursts[bursts.length - 1];
  const isKnown = last?.succeeded === true && wireStartMs(first) - last.decidedMs <= slackMs(intervalMs);
  if (isKnown) {
    const served = servedAfterSuccess(last);
    if (served !== undefined) return { atMs: served };
  }
  const trial = isKnown ? last : newBurst(first);
  for (const demand of isKnown ? passes : passes.slice(1)) {
    if (wireStartMs(demand) >= trial.answeredMs) return { ...(!isKnown && { trial }), atMs: wireStartMs(demand) };
    join(trial, demand);
  }
  return { ...(!isKnown && { trial }), atMs: trial.answeredMs };
}

/** What a wait may be wrong by. */
function slackMs(intervalMs: number): number {
  return STALL_MS + SLACK_REQUESTS * intervalMs;
}

/** Takes out of a trial what began after it had succeeded: that was served by a closed breaker. When the first of it began, if there is any. */
function servedAfterSuccess(trial: Burst): number | undefined {
  const succeeded = trial.passes.filter((pass) => pass.attempts.some(isSuccess)).map(answeredMs);
  const successMs = Math.min(...succeeded);
  const served = trial.passes.filter((pass) => wireStartMs(pass) >= successMs);
  trial.passes = trial.passes.filter((pass) => wireStartMs(pass) < successMs);
  return served.length === 0 ? undefined : Math.min(...served.map(wireStartMs));
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
  const slack = slackMs(waiting.intervalMs);
  const punctual = dropEarly(bursts, waiting, slack);
  const trials = dropBeforeJumps(punctual, waiting, slack);
  const kept = new Set(trials);
  const leaks = bursts.filter((burst) => !kept.has(burst)).flatMap((burst) => burst.passes);
  return { trials, waitsMs: waitsOf(trials, waiting.openedMs), leaks };
}

function waitsOf(trials: readonly Burst[], openedMs: number): number[] {
  return trials.map((trial, i) => trial.startMs - (trials[i - 1]?.decidedMs ?? openedMs));
}

function dropEarly(bursts: readonly Burst[], { openedMs, isClosed }: Waiting, slack: number): Burst[] {
  const trials: Burst[] = [];
  let longestMs = 0;
  for (const [i, burst] of bursts.entries()) {
    const waitMs = burst.startMs - (trials[trials.length - 1]?.decidedMs ?? openedMs);
    const closedIt = isClosed && i === bursts.length - 1;
    if (waitMs < Math.max(slack, longestMs * SHRINK_MIN - slack) && !closedIt) continue;
    trials.push(burst);
    longestMs = Math.max(longestMs, waitMs);
  }
  return trials;
}

function dropBeforeJumps(bursts: readonly Burst[], { openedMs }: Waiting, slack: number): Burst[] {
  const waits = waitsOf(bursts, openedMs);
  const level = waits.findIndex((waitMs, i) => i > 0 && waitMs < (waits[i - 1] ?? 0) * GROWTH_MIN);
  const growsUpTo = level < 0 ? waits.length : level;
  const kept: Burst[] = [];
  let next: Burst | undefined;
  for (let i = bursts.length - 1; i >= 0; i--) {
    const [burst, waitMs] = [bursts[i], waits[i]];
    if (burst === undefined || waitMs === undefined) continue;
    const nextMs = next === undefined ? 0 : next.startMs - burst.decidedMs;
    const isJump = nextMs > waitMs * GROWTH_JUMP + slack;
    const isLaw = i < growsUpTo && nextMs <= waitMs * GROWTH_MAX + slack;
    if (isJump && !isLaw) continue;
    kept.push(burst);
    next = burst;
  }
  return kept.reverse();
}
