/**
 * How high a load is over time: a rate or a number of users, in pieces that stay level or change evenly. Pure. Instants are of the load's own
 * clock, which begins with it and stands still while it is paused.
 */

/** From the level before to another one, evenly. */
export interface Stage {
  to: number;
  overMs: number;
}

/** Without a gap to the next; the last one never ends and is level. */
export interface Piece {
  fromMs: number;
  toMs: number;
  from: number;
  to: number;
}

/** Begins at `fromMs` with a level, goes through the stages, and stays at the last. */
export function piecesOf({ fromMs = 0, level, stages = [] }: { fromMs?: number; level: number; stages?: readonly Stage[] }): Piece[] {
  const pieces: Piece[] = [];
  let last = { ms: fromMs, level };
  for (const { to, overMs } of stages) {
    // A stage of no length is a jump.
    if (overMs > 0) pieces.push({ fromMs: last.ms, toMs: last.ms + overMs, from: last.level, to });
    last = { ms: last.ms + overMs, level: to };
  }
  return [...pieces, { fromMs: last.ms, toMs: Number.POSITIVE_INFINITY, from: last.level, to: last.level }];
}

/** The highest level that is ever reached. */
export function highest(pieces: readonly Piece[]): number {
  return Math.max(...pieces.flatMap(({ from, to }) => [from, to]));
}

export function levelAt(pieces: readonly Piece[], ms: number): number {
  const piece = pieces.findLast(({ fromMs }) => fromMs <= ms) ?? pieces[0];
  return piece === undefined ? 0 : piece.from + slopeOf(piece) * Math.max(0, ms - piece.fromMs);
}

/** The first instant, at `afterMs` or later, at which the level is so high; Infinity if it never is. */
export function reachedAt(pieces: readonly Piece[], { level, afterMs }: { level: number; afterMs: number }): number {
  for (const piece of pieces) {
    if (piece.toMs <= afterMs) continue;
    const startMs = Math.max(afterMs, piece.fromMs);
    if (levelAt([piece], startMs) >= level) return startMs;
    if (piece.to >= level) return piece.fromMs + (level - piece.from) / slopeOf(piece);
  }
  return Number.POSITIVE_INFINITY;
}

/** Taken as a rate per second: how many fall due until then, with fractions. */
export function countUntil(pieces: readonly Piece[], ms: number): number {
  return pieces.reduce((sum, piece) => sum + countIn(piece, ms), 0);
}

/** Taken as a rate per second: when the count comes to `count`; Infinity if it never does. */
export function countedAt(pieces: readonly Piece[], count: number): number {
  let rest = count;
  for (const piece of pieces) {
    const here = countIn(piece, piece.toMs);
    if (rest < here) return piece.fromMs + msFor(piece, rest);
    rest -= here;
  }
  return Number.POSITIVE_INFINITY;
}

/** Per millisecond. */
function slopeOf({ from, to, fromMs, toMs }: Piece): number {
  return from === to ? 0 : (to - from) / (toMs - fromMs);
}

function countIn(piece: Piece, untilMs: number): number {
  const ms = Math.min(untilMs, piece.toMs) - piece.fromMs;
  if (ms <= 0 || (piece.from === 0 && piece.to === 0)) return 0;
  // The last piece has no end, and nothing times infinity is not a number.
  const mean = piece.from === piece.to ? piece.from : piece.from + (slopeOf(piece) * ms) / 2;
  return (mean * ms) / 1e3;
}

function msFor(piece: Piece, count: number): number {
  // Multiplied before it is divided: adding up a rounded period would drift.
  if (piece.from === piece.to) return (count * 1e3) / piece.from;
  if (count === 0) return 0;
  const root = Math.sqrt(Math.max(0, piece.from ** 2 + 2 * slopeOf(piece) * count * 1e3));
  return (2 * count * 1e3) / (piece.from + root);
}
