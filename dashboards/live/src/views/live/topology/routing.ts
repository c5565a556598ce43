/** How links run between boxes that stand already. Links that leave or reach the same side of a box spread over it, so that each can be seen and hit. */
import { grouped } from '../../../../../../src/core/grouped.js';
import type { TopologyLink } from '../../../state/topology.js';
import type { Curve, Point } from './curve.js';

export interface Box {
  /** Of the upper left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Way {
  name: string;
  from: Box;
  to: Box;
  /** Along the reading direction; all others go straight from border to border. */
  isAhead: boolean;
}

export function curvesOf(
  links: readonly TopologyLink[],
  boxes: ReadonlyMap<string, Box>,
  { isNarrow }: { isNarrow: boolean },
): ReadonlyMap<string, Curve> {
  const ways = links.flatMap((link): Way[] => {
    const [from, to] = [boxes.get(link.from), boxes.get(link.to)];
    if (from === undefined || to === undefined) return [];
    const isAhead = isNarrow ? to.y > from.y + from.height : to.x > from.x + from.width;
    return [{ name: link.name, from, to, isAhead: isAhead && link.fromService !== link.toService }];
  });
  const ahead = ways.filter((way) => way.isAhead);
  const starts = places(ahead, { here: 'from', there: 'to', isNarrow });
  const ends = places(ahead, { here: 'to', there: 'from', isNarrow });
  const curves = ways.map((way): [string, Curve] => {
    const [start, end] = [starts.get(way.name), ends.get(way.name)];
    return [way.name, start === undefined || end === undefined ? bent(way) : swung(start, end, isNarrow)];
  });
  return new Map(curves);
}

/** The share of a side over which links spread. */
const SPREAD = 0.6;

interface Side {
  here: 'from' | 'to';
  there: 'from' | 'to';
  isNarrow: boolean;
}

/** Where each link touches its box: in the order of where it goes to, so that links of one box do not cross at once. */
function places(ways: readonly Way[], { here, there, isNarrow }: Side): ReadonlyMap<string, Point> {
  const across = (box: Box): number => (isNarrow ? box.x + box.width / 2 : box.y + box.height / 2);
  const points = new Map<string, Point>();
  for (const [box, mine] of grouped(ways, (way) => way[here])) {
    const ordered = mine.toSorted((a, b) => across(a[there]) - across(b[there]));
    for (const [i, way] of ordered.entries()) {
      const share = ordered.length === 1 ? 0 : SPREAD * (i / (ordered.length - 1) - 0.5);
      const isBelow = isNarrow && here === 'from';
      points.set(
        way.name,
        isBelow
          ? { x: across(box) + share * box.width, y: box.y + box.height }
          : { x: here === 'from' ? box.x + box.width : box.x, y: box.y + box.height * (0.5 + share) },
      );
    }
  }
  return points;
}

/** How far to the left a link comes in that runs down the page. */
const REACH_PX = 34;

/** Leaves in the reading direction and arrives from the left: instances of a service stand below each other, whichever way the page runs. */
function swung(start: Point, end: Point, isNarrow: boolean): Curve {
  if (isNarrow) return [start, { x: start.x, y: start.y + REACH_PX }, { x: end.x - REACH_PX, y: end.y }, end];
  const reach = (end.x - start.x) / 2;
  return [start, { x: start.x + reach, y: start.y }, { x: end.x - reach, y: end.y }, end];
}

/** How far a curve leaves its straight line, so that both directions between two peers can be seen. */
const BEND = 0.09;

function centre({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** From border to border, a little to the left of the straight way. */
function bent({ from, to }: Way): Curve {
  const [a, b] = [centre(from), centre(to)];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const handle = (share: number): Point => ({ x: a.x + dx * share + dy * BEND, y: a.y + dy * share - dx * BEND });
  const [first, second] = [handle(0.3), handle(0.7)];
  return [borderTowards(from, first), first, second, borderTowards(to, second)];
}

function borderTowards(box: Box, point: Point): Point {
  const { x, y } = centre(box);
  const [dx, dy] = [point.x - x, point.y - y];
  const scale = Math.min(box.width / 2 / Math.max(1e-6, Math.abs(dx)), box.height / 2 / Math.max(1e-6, Math.abs(dy)), 1);
  return { x: x + dx * scale, y: y + dy * scale };
}
