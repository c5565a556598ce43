/**
 * Passes through an open breaker: trials, or leaks. No single pass says which it is; its wait does. A breaker waits before each trial, for a
 * time that is always about the same or grows by a law, while leaks come when they come.
 */
import type { List } from '../../journal/list.js';
import { isSuccess } from '../../journal/observations.js';
import { type Demand, passed } from './demand.js';
import { quantile } from './statistics.js';
import { within } from './traffic.js';

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
export function burstsOf(inside: List<Demand>, rejectedMs: number): Burst[] {
  const passes = Array.from(inside.filter((demand) => passed(demand) && demand.startMs > rejectedMs)).sort(byWire);
  const missed = Array.from(inside.filter((demand) => !passed(demand)));
  let runs: Run[] = [];
  for (const [i, demand] of passes.entries()) {
    const run = runs[runs.length - 1];
    const before = passes[i - 1];
    const misses = before === undefined ? 0 : missesBetween(before, demand, missed);
    if (run !== undefined && (misses === 0 || wireStartMs(demand) < run.burst.answeredMs)) {
      join(run.burst, demand);
      run.misses += misses;
    } else runs.push({ missesBefore: misses, misses: 0, burst: newBurst(demand) });
  }
  for (let before = Number.POSITIVE_INFINITY; runs.length < before; ) {
    before = runs.length;
    runs = bridgeMisses(runs);
  }
  return runs.map((run) => run.burst);
}

const byWire = (a: Demand, b: Demand): number => wireStartMs(a) - wireStartMs(b);

/** Requests turned away that surely came after the one and before the other: after a stall many come at once, and nobody knows their order. */
function missesBetween(before: Demand, after: Demand, missed: readonly Demand[]): number {
  const window = { fromMs: wireStartMs(before), toMs: wireStartMs(after) };
  return within(missed, window).filter((miss) => miss.endMs <= window.toMs).length;
}

/** A burst, with how many were turned away between the one before and it, and between its own passes. */
interface Run {
  missesBefore: number;
  misses: number;
  burst: Burst;
}

/** Joins neighbours between which hardly anybody was turned away, for so many as passed. */
function bridgeMisses(runs: readonly Run[]): Run[] {
  const bridged: Run[] = [];
  for (const run of runs) {
    const last = bridged[bridged.length - 1];
    const passes = run.burst.passes.length + (last?.burst.passes.length ?? 0);
    const misses = (last?.misses ?? 0) + run.missesBefore + run.misses;
    if (last === undefined || passes < PASSES_PER_MISS * misses) bridged.push(run);
    else {
      for (const demand of run.burst.passes) join(last.burst, demand);
      last.misses = misses;
    }
  }
  return bridged;
}

/**
 * The bursts that were trials once the demand after them was served, the one that closed it the last; and the latest instant at which it can have
 * closed. A burst that succeeded and was followed by a wait has not closed it: others of its trials failed.
 */
export function closingOf(
  closed: List<Demand>,
  { bursts, intervalMs }: { bursts: readonly Burst[]; intervalMs: number },
): { bursts: readonly Burst[]; atMs: number } {
  // In order of the wire: after a stall of the caller requests arrive together and overtake each other.
  const passes = Array.from(closed.filter(passed)).sort(byWire);
  const [first] = passes;
  if (first === undefined) return { bursts, atMs: closed.at(0)?.startMs ?? Number.NaN };
  const slack = slackMs(intervalMs);
  const kept = [...bursts];
  let servedMs = wireStartMs(first);
  for (let last = kept.at(-1); follows(servedMs, last, slack) && follows(last?.startMs ?? 0, kept.at(-2), slack); last = kept.at(-1)) {
    // One request between them was answered from a cache, or lost: the burst before had closed it already.
    servedMs = Math.min(servedMs, ...(last?.passes ?? []).map(wireStartMs));
    kept.pop();
  }
  const last = kept.at(-1);
  const isKnown = last !== undefined && follows(servedMs, last, slack);
  if (isKnown) {
    const ownMs = servedAfterSuccess(last);
    if (ownMs !== undefined || kept.length < bursts.length) return { bursts: kept, atMs: Math.min(ownMs ?? servedMs, servedMs) };
  }
  const trial = isKnown ? last : newBurst(first);
  const trials = isKnown ? kept : [...kept, trial];
  for (const demand of isKnown ? passes : passes.slice(1)) {
    if (wireStartMs(demand) >= trial.answeredMs) return { bursts: trials, atMs: wireStartMs(demand) };
    join(trial, demand);
  }
  return { bursts: trials, atMs: trial.answeredMs };
}

/** Whether what was served then came right after a burst that had succeeded. */
function follows(servedMs: number, burst: Burst | undefined, slack: number): boolean {
  return burst?.succeeded === true && servedMs - burst.decidedMs <= slack;
}

/** What a wait may be wrong by. */
function slackMs(intervalMs: number): number {
  return STALL_MS + SLACK_REQUESTS * intervalMs;
}

/** Takes out of a trial what began after it had succeeded: that was served by a closed breaker. When the first of it began, if there is any. */
function servedAfterSuccess(trial: Burst): number | undefined {
  const succeeded = trial.passes.filter((pass) => pass.attempts.some(isSuccess)).map(answeredMs);
  const successMs = earliest(succeeded) ?? Number.POSITIVE_INFINITY;
  const served = trial.passes.filter((pass) => wireStartMs(pass) >= successMs);
  trial.passes = trial.passes.filter((pass) => wireStartMs(pass) < successMs);
  return earliest(served.map(wireStartMs));
}

/** A breaker that closes at once may leave all the rest of a record here: too many to be arguments of one call. */
function earliest(timesMs: readonly number[]): number | undefined {
  return timesMs.length === 0 ? undefined : timesMs.reduce((least, ms) => Math.min(least, ms));
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
  const tried = new Set(trials.flatMap(({ passes }) => passes));
  const leaks = bursts.flatMap((burst) => burst.passes).filter((pass) => !tried.has(pass));
  return { trials, waitsMs: waitsOf(trials, waiting.openedMs), leaks };
}

function waitsOf(trials: readonly Burst[], openedMs: number): number[] {
  return trials.map((trial, i) => trial.startMs - (trials[i - 1]?.decidedMs ?? openedMs));
}

function dropEarly(bursts: readonly Burst[], { openedMs, isClosed }: Waiting, slack: number): Burst[] {
  const usual = usualSize(bursts, { openedMs, slack });
  const trials: Burst[] = [];
  let longestMs = 0;
  for (const [i, burst] of bursts.entries()) {
    const last = trials[trials.length - 1];
    const waitMs = burst.startMs - (last?.decidedMs ?? openedMs);
    const closedIt = isClosed && i === bursts.length - 1;
    if (waitMs < Math.max(slack, longestMs * SHRINK_MIN - slack) && !closedIt) {
      // Part of the trial before it, where that fell short of what is usually let through: what lies between them a cache may have answered.
      const isRest = last !== undefined && waitMs < slack && last.passes.length + burst.passes.length <= usual;
      if (isRest) for (const pass of burst.passes) join(last, pass);
      continue;
    }
    trials.push(burst);
    longestMs = Math.max(longestMs, waitMs);
  }
  return trials;
}

/** Passes of the bursts that came after a wait, most commonly. */
function usualSize(bursts: readonly Burst[], { openedMs, slack }: { openedMs: number; slack: number }): number {
  const waits = waitsOf(bursts, openedMs);
  const sizes = bursts.filter((_, i) => (waits[i] ?? 0) >= slack).map(({ passes }) => passes.length);
  return quantile(
    sizes.sort((a, b) => a - b),
    0.5,
  );
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
