/** Edges as cubic curves: where they run, where their middle is, and which of them a drawn line crosses. */

export interface Point {
  x: number;
  y: number;
}
/** Start, two handles, end. */
export type Curve = readonly [Point, Point, Point, Point];

export function pathOf([a, b, c, d]: Curve): string {
  const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${at(a)}C${at(b)} ${at(c)} ${at(d)}`;
}

/** The point at `t`, 0…1 from start to end. */
export function pointAt([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (pick: (p: Point) => number): number =>
    u ** 3 * pick(a) + 3 * u ** 2 * t * pick(b) + 3 * u * t ** 2 * pick(c) + t ** 3 * pick(d);
  return { x: mix((p) => p.x), y: mix((p) => p.y) };
}

/** Direction of travel at `t`, in degrees: 0 to the right, 90 down. */
export function directionAt(curve: Curve, t: number): number {
  const [before, after] = [pointAt(curve, Math.max(0, t - 0.02)), pointAt(curve, Math.min(1, t + 0.02))];
  return (Math.atan2(after.y - before.y, after.x - before.x) * 180) / Math.PI;
}

/** A curve is cut where its pieces are; so many are enough for the eye. */
const PIECES = 24;

/** The names of the curves that a line drawn by hand crosses, in their order. */
export function crossedBy(line: readonly Point[], curves: Iterable<readonly [string, Curve]>): string[] {
  return [...curves].filter(([, curve]) => crosses(line, curve)).map(([name]) => name);
}

function crosses(line: readonly Point[], curve: Curve): boolean {
  const points = Array.from({ length: PIECES + 1 }, (_, i) => pointAt(curve, i / PIECES));
  return line.some((from, i) => {
    const to = line[i + 1];
    return to !== undefined && points.some((p, j) => j > 0 && doCross([from, to], [points[j - 1] ?? p, p]));
  });
}

function doCross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const side = (p: Point, q: Point, r: Point): number => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}
