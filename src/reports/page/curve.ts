/**
 * The picture of a detection curve: how long it took to be noticed, level by level. Marks tell outcomes apart by their shape: a dot with its interval
 * was noticed, a cross on the upper edge never was, and of a ring nothing is known.
 */
import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import { formatMs } from '../../core/units.js';
import type { DetectionCurve, DetectionPoint } from '../../verify/check.js';
import { detectionWords } from '../detection-words.js';
import { type Markup, markup, px } from './markup.js';

const WIDTH_PX = 520;
const LEFT_PX = 64;
const TOP_PX = 22;
const PLOT_PX = 120;
const BOTTOM_PX = TOP_PX + PLOT_PX;
const TICKS = 3;

export function drawCurve({ subject, of, points, withinMs }: DetectionCurve): Markup {
  const right = WIDTH_PX - 14;
  const x = scalePoint()
    .domain(points.map(({ text }) => text))
    .range([LEFT_PX, right])
    .padding(0.6);
  const slowest = Math.max(withinMs, ...points.map(({ afterMs }) => afterMs?.[1] ?? 0));
  const y = scaleLinear().domain([0, slowest]).nice(TICKS).range([BOTTOM_PX, TOP_PX]);
  const at = ({ text }: DetectionPoint): number => x(text) ?? LEFT_PX;
  const noticed = points.flatMap((point) => (point.afterMs === undefined ? [] : [{ point, afterMs: point.afterMs[1] }]));
  const stroke = line<(typeof noticed)[number]>(
    ({ point }) => at(point),
    ({ afterMs }) => y(afterMs),
  ).digits(1);
  return markup`<svg class="timeline" viewBox="0 0 ${WIDTH_PX} ${BOTTOM_PX + 38}" role="img">
<title>When ${subject} noticed, by ${of}</title>
<text class="remark" x="${LEFT_PX}" y="13">time until noticed</text>
<rect class="plot" x="${LEFT_PX}" y="${TOP_PX}" width="${right - LEFT_PX}" height="${PLOT_PX}"/>
${y.ticks(TICKS).map((ms) => markup`<line class="grid" x1="${LEFT_PX}" x2="${right}" y1="${px(y(ms))}" y2="${px(y(ms))}"/><text class="tick" x="${LEFT_PX - 6}" y="${px(y(ms) + 3.5)}" text-anchor="end">${formatMs(ms)}</text>`)}
<line class="edge" x1="${LEFT_PX}" x2="${right}" y1="${px(y(withinMs))}" y2="${px(y(withinMs))}"><title>promised: within ${formatMs(withinMs)}</title></line>
<path class="curve rate" d="${stroke(noticed) ?? ''}"/>
${points.map((point) => drawPoint(point, at(point), y))}
${points.map((point) => markup`<text class="tick" x="${px(at(point))}" y="${BOTTOM_PX + 15}" text-anchor="middle">${point.text}</text>`)}
<text class="remark" x="${px((LEFT_PX + right) / 2)}" y="${BOTTOM_PX + 32}" text-anchor="middle">${of}</text>
</svg>`;
}

function drawPoint(point: DetectionPoint, atPx: number, y: (ms: number) => number): Markup {
  const title = markup`<title>${point.text}: ${detectionWords(point)}</title>`;
  if (point.afterMs !== undefined) {
    const [low, high] = point.afterMs.map(y) as [number, number];
    return markup`<path class="curve rate" d="M${px(atPx)} ${px(low)}V${px(high)}"/><circle class="met" cx="${px(atPx)}" cy="${px(high)}" r="3.5">${title}</circle>`;
  }
  if (point.noticed === null) return markup`<circle class="unjudged" cx="${px(atPx)}" cy="${px(TOP_PX)}" r="4">${title}</circle>`;
  return markup`<path class="unmet" d="M${px(atPx - 4)} ${TOP_PX - 4}l8 8m0-8l-8 8">${title}</path>`;
}
