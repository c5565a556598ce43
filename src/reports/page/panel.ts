/** One strip of the timeline: a quantity over time, with its own vertical scale, over the bands of the faults that act here. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { Point } from '../series.js';
import { formatNumber } from '../wording.js';
import { type Band, type Frame, LEFT_PX, RIGHT_PX } from './frame.js';
import { type Markup, markup, px } from './markup.js';

export interface Curve {
  points: readonly Point[];
  /** `null` is a hole in the line: nothing was seen then. */
  value: (point: Point) => number | null;
  /** Classes of style.ts: colour and dash. */
  look: string;
  /** Filled down to zero, in steps; nothing seen counts as zero. */
  filled?: boolean;
}
export interface Panel {
  /** One or two short lines. */
  label: readonly string[];
  heightPx: number;
  unit: 'count' | 'ms';
  curves: readonly Curve[];
  /** Bands of faults that act on what this panel shows. */
  struck: readonly Band[];
}

/** A logarithmic scale for times (5 ms and 3 s both have to be read off it), a linear one from zero for counts. */
function scaleOf({ unit, curves, heightPx }: Panel) {
  const values = curves.flatMap((c) => c.points.map((p) => c.value(p))).filter((v) => v !== null);
  if (unit === 'count') {
    return scaleLinear()
      .domain([0, Math.max(1, ...values)])
      .nice(3)
      .range([heightPx, 0]);
  }
  const positive = values.filter((v) => v > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(1_000, ...positive)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(low * 10, ...positive)));
  return scaleLog().domain([low, high]).range([heightPx, 0]).clamp(true);
}

export function drawPanel(panel: Panel, frame: Frame, topPx: number): Markup {
  const y = scaleOf(panel);
  const base = panel.heightPx;
  return markup`<g transform="translate(0 ${px(topPx)})">
<rect class="plot" x="${LEFT_PX}" y="0" width="${RIGHT_PX - LEFT_PX}" height="${base}"/>
${panel.struck.map((b) => markup`<rect class="struck" x="${px(b.fromPx)}" y="0" width="${px(b.toPx - b.fromPx)}" height="${base}"/>`)}
${frame.ticksMs.map((at) => markup`<line class="grid" x1="${px(frame.x(at))}" x2="${px(frame.x(at))}" y1="0" y2="${base}"/>`)}
${ticksOf(panel, y).map((t) => markup`<line class="grid" x1="${LEFT_PX}" x2="${RIGHT_PX}" y1="${px(y(t))}" y2="${px(y(t))}"/><text class="tick" x="${LEFT_PX - 6}" y="${px(y(t) + 3.5)}" text-anchor="end">${panel.unit === 'ms' ? decade(t) : formatNumber(t)}</text>`)}
${panel.label.map((text, i) => markup`<text class="label" x="0" y="${px(base / 2 + 4 + (i - (panel.label.length - 1) / 2) * 13)}">${text}</text>`)}
${panel.curves.map((curve) => drawCurve(curve, frame, y))}
</g>`;
}

function ticksOf({ unit, heightPx }: Panel, y: ReturnType<typeof scaleOf>): number[] {
  const [low = 0, high = 1] = y.domain();
  if (unit === 'count') return heightPx < 40 ? [0, high] : [0, high / 2, high];
  const decades = Math.round(Math.log10(high / low));
  return Array.from({ length: decades + 1 }, (_, i) => low * 10 ** i);
}

/** 0.1ms, 10ms, 1s: a power of ten needs no more digits. */
function decade(ms: number): string {
  return ms >= 1_000 ? `${formatNumber(ms / 1_000)}s` : `${formatNumber(ms)}ms`;
}

function drawCurve(curve: Curve, frame: Frame, y: (value: number) => number): Markup {
  return curve.filled ? drawSteps(curve, frame, y) : drawLine(curve, frame, y);
}

function drawLine({ points, value, look }: Curve, frame: Frame, y: (value: number) => number): Markup {
  const middle = (p: Point): number => frame.x((p.fromMs + p.toMs) / 2);
  const height = (p: Point): number => y(value(p) ?? 0);
  const isSeen = (p: Point): boolean => value(p) !== null;
  const stroke = line<Point>(middle, height).defined(isSeen).digits(1);
  return markup`<path class="curve ${look}" d="${stroke(points) ?? ''}"/>${lonely(points, isSeen).map((p) => markup`<circle class="dot ${look}" cx="${px(middle(p))}" cy="${px(height(p))}" r="1.5"/>`)}`;
}

/** A count belongs to its whole bucket, so it is drawn as wide as that. */
function drawSteps({ points, value, look }: Curve, frame: Frame, y: (value: number) => number): Markup {
  const corners = points.flatMap((p): [number, number][] => [p.fromMs, p.toMs].map((atMs) => [frame.x(atMs), y(value(p) ?? 0)]));
  const fill = area<[number, number]>()
    .x((c) => c[0])
    .y0(y(0))
    .y1((c) => c[1])
    .digits(1);
  return markup`<path class="fill ${look}" d="${fill(corners) ?? ''}"/><path class="curve ${look}" d="${line().digits(1)(corners) ?? ''}"/>`;
}

/** Points without neighbours: a line has no length there, so they would vanish. */
function lonely(points: readonly Point[], isSeen: (point: Point) => boolean): Point[] {
  const seenAt = (i: number): boolean => {
    const point = points[i];
    return point !== undefined && isSeen(point);
  };
  return points.filter((_, i) => seenAt(i) && !seenAt(i - 1) && !seenAt(i + 1));
}
