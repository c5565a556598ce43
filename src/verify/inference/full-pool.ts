/**
 * A full pool looks like an open breaker: nearly everybody is turned away, and one gets through now and then. What tells them apart is when: behind a pool
 * whoever comes next gets through as soon as somebody ahead has ended, behind a breaker nobody does until it tries.
 */
import type { List } from '../../journal/list.js';
import type { Demand } from './demand.js';
import { ascending, lowerBound } from './statistics.js';

/** Room is taken by one of the next so many requests. */
const NEXT_REQUESTS = 2;
/** Between an answer on the wire and whoever waits for it. */
const HANDOVER_MS = 5;
/** Ends of attempts without which nothing is said, and the part of them that made room. */
const ENDS_MIN = 3;
const MADE_ROOM_SHARE = 0.5;

interface Surroundings {
  /** Demand right before, of which some may have been under way. */
  ahead: List<Demand>;
  /** When it began that hardly any passed. */
  sinceMs: number;
  /** Between two requests. */
  intervalMs: number;
}

/** `inside`: demand while hardly any passed, in order. */
export function isFullPool(inside: List<Demand>, { ahead, sinceMs, intervalMs }: Surroundings): boolean {
  const took = [ahead, inside].flatMap((demands) =>
    // What took no time, as a dial that was refused at once, took no room: it would seem to have made room for itself.
    demands.flatMap(({ attempts }) => attempts.map(({ startMs, endMs }) => ({ startMs, endMs })).filter((one) => one.endMs > one.startMs)),
  );
  const starts = ascending(took.map(({ startMs }) => startMs));
  const ends = ascending(took.map(({ endMs }) => endMs));
  const lastMs = inside.at(-1)?.startMs ?? sinceMs;
  const judged = ends.filter((ms) => ms > sinceMs && ms < lastMs - NEXT_REQUESTS * intervalMs);
  if (judged.length < ENDS_MIN) return false;
  const taking = takingRoom(inside, { starts, ends });
  const reachMs = NEXT_REQUESTS * intervalMs + HANDOVER_MS;
  const madeRoom = judged.filter((ms) => (taking[before(taking, ms)] ?? Number.POSITIVE_INFINITY) <= ms + reachMs).length;
  return madeRoom > MADE_ROOM_SHARE * judged.length;
}

/** When such passes began that others were turned away right before, or that others were under way beside. */
function takingRoom(inside: List<Demand>, { starts, ends }: { starts: Float64Array; ends: Float64Array }): Float64Array {
  const taking: number[] = [];
  let wasTurnedAway = false;
  for (const demand of inside) {
    const [first] = demand.attempts;
    if (first !== undefined) {
      const underWay = before(starts, first.startMs) - before(ends, first.startMs);
      if (wasTurnedAway || underWay > 0) taking.push(first.startMs);
    }
    wasTurnedAway = first === undefined;
  }
  return ascending(taking);
}

/** How many are smaller. */
function before(values: Float64Array, ms: number): number {
  return lowerBound(values, ms, (value) => value);
}
