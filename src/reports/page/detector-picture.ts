/**
 * The trade-off of failure detectors as a picture: how soon each sees a crash, to the right, against how often it is wrong, upwards. The nearer to the
 * lower left corner, the better; a line joins the settings of one detector. No mistake at all is drawn on a line of its own, below the scale.
 */
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { Compared } from '../../verify/detectors/comparison.js';
import { formatNumber } from '../wording.js';
import { type Markup, markup, px } from './markup.js';
import { style } from './style.js';

const WIDTH_PX = 900;
const HEIGHT_PX = 470;
const LEFT_PX = 78;
const RIGHT_PX = 690;
const TOP_PX = 46;
const BOTTOM_PX = 370;
/** Where settings without a mistake stand. */
const NONE_PX = 402;

/** One for each detector; beyond them two would look the same. */
const LOOKS = ['rate', 'p99', 'marked1', 'marked2', 'marked3', 'marked4', 'errors', 'other', 'marked5'];

/** An SVG file that needs nothing beside it. Settings that missed a crash are left out: they have no time to show. */
export function drawTradeOff(rows: readonly Compared[], { title }: { title: string }): string {
  const shown = rows.filter((row) => row.detectionMedianMs !== null && row.missed === 0);
  const detectors = [...new Set(shown.map((row) => row.detector))];
  const slowest = Math.max(1, ...shown.map((row) => row.detectionMedianMs ?? 0));
  const most = Math.max(10, ...shown.map((row) => row.quality.mistakesPerHour));
  const least = Math.min(most / 10, ...shown.map((row) => row.quality.mistakesPerHour).filter((rate) => rate > 0));
  const x = scaleLinear().domain([0, slowest]).nice(6).range([LEFT_PX, RIGHT_PX]);
  const y = scaleLog()
    .domain([10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most))])
    .range([BOTTOM_PX, TOP_PX]);
  const at = (row: Compared): Place => ({
    x: x(row.detectionMedianMs ?? 0),
    y: row.quality.mistakes === 0 ? NONE_PX : y(row.quality.mistakesPerHour),
  });
  const decades = y.ticks().filter((rate) => Number.isInteger(Math.round(Math.log10(rate) * 1e9) / 1e9));
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="timeline" viewBox="0 0 ${WIDTH_PX} ${HEIGHT_PX}" role="img" aria-label="${title}">
<style>svg{background:var(--ground)}${style}</style>
<text class="heading" x="${LEFT_PX}" y="24">${title}</text>
${x.ticks(6).map((ms) => markup`<line class="grid" x1="${px(x(ms))}" x2="${px(x(ms))}" y1="${TOP_PX}" y2="${NONE_PX + 12}"/><text class="tick" x="${px(x(ms))}" y="${NONE_PX + 28}" text-anchor="middle">${formatNumber(ms)}</text>`)}
${decades.map((rate) => markup`<line class="grid" x1="${LEFT_PX}" x2="${RIGHT_PX}" y1="${px(y(rate))}" y2="${px(y(rate))}"/><text class="tick" x="${LEFT_PX - 8}" y="${px(y(rate) + 4)}" text-anchor="end">${formatNumber(rate)}</text>`)}
<line class="edge" x1="${LEFT_PX}" x2="${RIGHT_PX}" y1="${NONE_PX}" y2="${NONE_PX}"/><text class="tick" x="${LEFT_PX - 8}" y="${NONE_PX + 4}" text-anchor="end">none</text>
<text class="label" x="${(LEFT_PX + RIGHT_PX) / 2}" y="${HEIGHT_PX - 16}" text-anchor="middle">median time to detect a crash, ms</text>
<text class="label" transform="translate(18 ${(TOP_PX + BOTTOM_PX) / 2}) rotate(-90)" text-anchor="middle">mistakes per hour alive</text>
${detectors.map((detector, i) => drawDetector(shown.filter((row) => row.detector === detector).map(at), { detector, i }))}
</svg>
`.markup;
}

interface Place {
  x: number;
  y: number;
}

function drawDetector(places: readonly Place[], { detector, i }: { detector: string; i: number }): Markup {
  const look = LOOKS[i % LOOKS.length] ?? 'other';
  const path = line<Place>(
    (place) => place.x,
    (place) => place.y,
  ).digits(1);
  const legendPx = TOP_PX + 10 + i * 24;
  return markup`<path class="curve ${look}" d="${path(places) ?? ''}"/>${places.map((place) => markup`<circle class="curve ${look}" style="stroke-dasharray:none" cx="${px(place.x)}" cy="${px(place.y)}" r="3.4"/>`)}
<line class="curve ${look}" x1="${RIGHT_PX + 22}" x2="${RIGHT_PX + 54}" y1="${legendPx}" y2="${legendPx}"/><text class="legend" x="${RIGHT_PX + 62}" y="${legendPx + 4}">${detector}</text>`;
}
