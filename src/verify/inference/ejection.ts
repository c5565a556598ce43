/**
 * Which instances a caller stopped using, and when. Silence alone proves nothing: an instance is out only if so many requests went to its
 * siblings in the meantime that chance cannot explain it. No sibling traffic, no judgement; a smaller share is preference, not ejection.
 */
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import { type Interval, lowerBound, missRunLength, wilson, Z95 } from './statistics.js';
import { within } from './traffic.js';

/** Chance of one false ejection in a whole scan; divided among all instances and all silences looked at. */
const FALSE_ALARM = 1e-3;
/** The start and end of an ejection are dated to where a random picker would have come to the instance but for this chance. */
const RETURN_CHANCE = 0.05;
/** While it is out, an instance's share must be shown to be below this part of its usual one (Wilson, 95 %). */
const DIP_SHARE_MAX = 0.2;
/** How far to look on either side of a silence, in lengths of it, for the share that the instance had just then. */
const SIDE_LENGTHS = 3;
/** Requests that such a side must hold to say something. */
const NEIGHBOURS_MIN = 20;
/** Chance of taking an instance in full use for one that gets a trickle, at each end of a silence. */
const THIN_CHANCE = 1e-3;

/** One time that an instance was out. */
export interface Ejection {
  /** From its last request on, to where a random picker would have come back to it with 95 %. */
  started: Interval;
  /** Undefined: still out when the scan ends. */
  ended?: Interval;
  /** Requests that its siblings got meanwhile. */
  missed: number;
  last: RecordedExchange;
  next?: RecordedExchange;
  /** Right before or after it the instance got a trickle of requests: it may have been shunned rather than taken out. Never judged by. */
  isDoubtful: boolean;
}

export interface InstanceHistory {
  instance: string;
  /** Share of the caller's requests in the baseline. */
  share: number;
  baselineRequests: number;
  /** In order of start. */
  requests: ExchangeList;
  ejections: readonly Ejection[];
  /** Silences that are no chance, and yet too short to tell an ejection from a share that has merely dipped. */
  hints: readonly Ejection[];
  /** Requests to siblings in a row, from which on a silence was judged to be an ejection. */
  missedMin: number;
}

/** Longer than a stalled machine takes, and than so many requests. */
const PAUSE = { msMin: 500, requestsMin: 20 } as const;

/** The longest time in which a caller sent nothing to anybody, though it had sent steadily in the baseline; undefined where it is no longer than chance. */
export function pauseIn(requests: ExchangeList, { baseline, window }: { baseline: Window; window: Window }): number | undefined {
  const everyMs = (baseline.toMs - baseline.fromMs) / Math.max(1, within(requests, baseline).length);
  const startsMs = within(requests, window).map(({ startMs }) => startMs);
  const longestMs = startsMs.reduce((longest, startMs, i) => Math.max(longest, startMs - (startsMs[i - 1] ?? startMs)), 0);
  return longestMs > Math.max(PAUSE.msMin, PAUSE.requestsMin * everyMs) ? longestMs : undefined;
}

/** All in order, whether they are long enough to be judged or not. */
export function silencesOf({ ejections, hints }: Pick<InstanceHistory, 'ejections' | 'hints'>): readonly Ejection[] {
  return [...ejections, ...hints].sort((a, b) => a.started[0] - b.started[0]);
}

interface Scan {
  /** Data requests of one caller to all instances, in order of start. */
  requests: ExchangeList;
  instances: readonly string[];
  baseline: Window;
  /** For so long after it is back an instance may get less than its share without a doubt about what went before: a slow start that is declared. */
  rampMs?: number;
}

/** The history of each instance, from the start of the baseline to the last request. */
export function ejectionHistories({ requests, instances, baseline, rampMs = 0 }: Scan): InstanceHistory[] {
  const scanned = within(requests, { fromMs: baseline.fromMs, toMs: Number.POSITIVE_INFINITY });
  const places = new Map<string, number[]>(instances.map((instance) => [instance, []]));
  let place = 0;
  for (const { to } of scanned) {
    places.get(to)?.push(place);
    place += 1;
  }
  const calibration = within(scanned, baseline).length;
  return instances.map((instance) => {
    const mine = places.get(instance) ?? [];
    const baselineRequests = mine.filter((place) => place < calibration).length;
    const alpha = FALSE_ALARM / (instances.length * (mine.length + 1));
    const shareMin = wilson(baselineRequests, calibration)[0];
    const alarmMin = missRunLength({ share: shareMin, alpha });
    const share = calibration === 0 ? 0 : baselineRequests / calibration;
    const missedMin = Math.max(alarmMin, dippedFrom(share));
    const slack = missRunLength({ share: shareMin, alpha: RETURN_CHANCE });
    const thinMin = missRunLength({ share: shareMin, alpha: THIN_CHANCE });
    const found = silences(mine, { scanned, alarmMin, alpha, slack, thinMin, rampMs });
    return {
      instance,
      share,
      baselineRequests,
      requests: scanned.filter(({ to }) => to === instance),
      ejections: found.filter(({ missed }) => missed >= missedMin),
      hints: found.filter(({ missed }) => missed < missedMin),
      missedMin,
    };
  });
}

/** From so many misses on, Wilson's interval of "none of so many" lies below the dip. */
function dippedFrom(share: number): number {
  return share <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(Z95 * Z95 * (1 / (DIP_SHARE_MAX * share) - 1));
}

interface Silence {
  /** Places of the requests around it; `to` is one past the last request of all when none came after. */
  from: number;
  to: number;
}

interface Surroundings {
  mine: readonly number[];
  candidates: readonly Silence[];
  alpha: number;
  /** Requests in the whole scan. */
  total: number;
}

interface Criteria {
  scanned: ExchangeList;
  /** So many misses in a row are no chance, though they may be too few to tell a dip from an ejection: between two trials, say. */
  alarmMin: number;
  alpha: number;
  /** Within so many requests a random picker would have come to the instance, with 95 %. */
  slack: number;
  /** So many misses in a row, and the instance is not in full use. */
  thinMin: number;
  rampMs: number;
}

function silences(mine: readonly number[], criteria: Criteria): Ejection[] {
  const { scanned, alarmMin, alpha, slack } = criteria;
  const candidates: Silence[] = [];
  for (const [index, from] of mine.entries()) {
    const to = mine[index + 1] ?? scanned.length;
    if (to - from - 1 >= alarmMin) candidates.push({ from, to });
  }
  return candidates
    .filter((silence) => isOutOfKeeping(silence, { mine, candidates, alpha, total: scanned.length }))
    .flatMap((silence) => {
      const ejection = toEjection(silence, scanned, slack);
      const isDoubtful = hasTrickle(silence, { mine, ...criteria });
      return ejection === undefined ? [] : [{ ...ejection, isDoubtful }];
    });
}

/**
 * The miss-run test once more, with the share that the instance had before the silence, and with the one after it: a balancer that merely
 * prefers others leaves long gaps too, but on at least one side of them it goes on like that. Requests missed in other silences do not count
 * for a side, because a few trials between two ejections are not a low share.
 */
function isOutOfKeeping(silence: Silence, { mine, candidates, alpha, total }: Surroundings): boolean {
  const missed = silence.to - silence.from - 1;
  const sides = [
    { low: Math.max(0, silence.from - SIDE_LENGTHS * missed), high: silence.from + 1 },
    { low: silence.to, high: Math.min(total, silence.to + SIDE_LENGTHS * missed) },
  ];
  return sides.every(({ low, high }) => {
    const requests = outsideSilences(low, high, candidates);
    const own = placesBelow(mine, high) - placesBelow(mine, low);
    return requests < NEIGHBOURS_MIN || missed >= missRunLength({ share: own / requests, alpha });
  });
}

function placesBelow(places: readonly number[], bound: number): number {
  return lowerBound(places, bound, (place) => place);
}

/** Requests in [low, high) that the instance was not silent for. */
function outsideSilences(low: number, high: number, candidates: readonly Silence[]): number {
  return candidates.reduce((sum, { from, to }) => sum - Math.max(0, Math.min(to, high) - Math.max(from + 1, low)), high - low);
}

/** Whether the gap next to the silence, on either side, is too long for an instance in full use and too short to be no chance either. */
function hasTrickle({ from, to }: Silence, { mine, scanned, thinMin, alarmMin, rampMs }: { mine: readonly number[] } & Criteria): boolean {
  const index = placesBelow(mine, from);
  const before = from - (mine[index - 1] ?? from) - 1;
  const rampedMs = (scanned.at(to)?.startMs ?? 0) + rampMs;
  let full = index + 1;
  while (full < mine.length && (scanned.at(mine[full] ?? to)?.startMs ?? 0) < rampedMs) full += 1;
  const after = full + 1 < mine.length ? (mine[full + 1] ?? 0) - (mine[full] ?? 0) - 1 : 0;
  return [before, after].some((missed) => missed >= thinMin && missed < alarmMin);
}

function toEjection(silence: Silence, scanned: ExchangeList, slack: number): Omit<Ejection, 'isDoubtful'> | undefined {
  const last = scanned.at(silence.from);
  if (last === undefined) return undefined;
  const next = scanned.at(silence.to);
  const startedBy = scanned.at(Math.min(silence.from + slack, silence.to - 1))?.startMs ?? last.startMs;
  return {
    started: [last.startMs, startedBy],
    missed: silence.to - silence.from - 1,
    last,
    ...(next && {
      next,
      ended: [scanned.at(Math.max(silence.to - slack, silence.from + 1))?.startMs ?? next.startMs, next.startMs] as const,
    }),
  };
}
