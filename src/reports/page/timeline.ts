/**
 * The picture of a run: strips stacked over one time axis. Each strip is laid out by its height alone, so that a new kind of strip needs no other
 * to be moved. The picture is plain SVG, readable without a script and on paper.
 */
import type { RunRecord } from '../../journal/record.js';
import type { Finding } from '../../verify/check.js';
import type { Flow } from '../flow.js';
import { shorten } from '../printable.js';
import { saidIn } from '../retro.js';
import { formatInstant } from '../wording.js';
import { type FlowPanels, flowPanels, type LegendEntry } from './flow-panels.js';
import { type Band, type Frame, frameOf, LEFT_PX, RIGHT_PX, WIDTH_PX } from './frame.js';
import { drawLane, drawProbes, LANE_PX, phaseSegments } from './lanes.js';
import { drawLevels, hasChanged, LEVELS_PX } from './levels.js';
import { type Markup, markup, px } from './markup.js';
import { drawPanel } from './panel.js';
import { drawSaid } from './said.js';
import { stateLanes } from './state-lanes.js';

/** A strip and the room it takes. */
interface Strip {
  heightPx: number;
  draw(topPx: number): Markup;
}

/** Room for the lowest figure of one scale above the highest of the next. */
const GAP_PX = 13;
const CHIP_PX = 20;
const LEGEND_PX = 14;
const CHARACTER_PX = 6.6;

export function drawTimeline({
  record,
  findings,
  flows,
}: {
  record: RunRecord;
  findings: readonly Finding[];
  flows: readonly Flow[];
}): Markup {
  const frame = frameOf(record);
  const strips = [
    ...faultStrips(frame),
    ...levelStrips(frame),
    axisStrip(frame),
    ...flows.flatMap((flow) => flowStrips(flowPanels(flow, record, frame), frame)),
    ...laneStrips(record, findings, frame),
    axisStrip(frame),
  ];
  const tops: number[] = [];
  const heightPx = strips.reduce((top, strip) => {
    tops.push(top);
    return top + strip.heightPx;
  }, 0);
  return markup`<svg class="timeline" viewBox="0 0 ${WIDTH_PX} ${px(heightPx)}" role="img" aria-labelledby="timeline-title timeline-text">
<title id="timeline-title">Timeline of the run</title>
<desc id="timeline-text">${describe(frame)}</desc>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="6"/></pattern>
<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="dots" cx="2" cy="2" r="1"/></pattern></defs>
${frame.bands.map((band) => drawBand(band, heightPx))}
${strips.map((strip, i) => strip.draw(tops[i] ?? 0))}
</svg>`;
}

/** The picture in words, for those who cannot see it. */
function describe({ bands, startMs }: Frame): string {
  if (bands.length === 0) return 'No fault was on.';
  const one = ({ letter, fault }: Band): string =>
    `${letter}: ${fault.step} from ${formatInstant(fault.fromMs, startMs)} to ${formatInstant(fault.toMs, startMs)}`;
  return `Faults were on: ${bands.map(one).join('; ')}. The tables below hold the figures.`;
}

function drawBand({ fromPx, toPx, open }: Band, heightPx: number): Markup {
  const edge = (x: number): Markup => markup`<line class="edge" x1="${px(x)}" x2="${px(x)}" y1="0" y2="${px(heightPx)}"/>`;
  return markup`<rect class="band" x="${px(fromPx)}" y="0" width="${px(toPx - fromPx)}" height="${px(heightPx)}"/>${edge(fromPx)}${!open && edge(toPx)}`;
}

/** Names of the faults above their bands; one that would run into another takes the next row. */
function faultStrips({ bands, startMs }: Frame): Strip[] {
  const rows: { band: Band; text: string; x: number }[][] = [];
  for (const band of bands) {
    const text = `${band.letter}  ${shorten(band.fault.step, 40)}${band.open ? ' (end not seen)' : ''}`;
    const x = Math.min(band.fromPx, RIGHT_PX - text.length * CHARACTER_PX);
    const endOf = (row: { text: string; x: number }[]): number => Math.max(0, ...row.map((c) => c.x + c.text.length * CHARACTER_PX + 10));
    const row = rows.find((r) => endOf(r) <= x);
    if (row) row.push({ band, text, x });
    else rows.push([{ band, text, x }]);
  }
  return rows.map((row) => ({
    heightPx: CHIP_PX,
    draw: (topPx) =>
      markup`${row.map(
        ({ band, text, x }) =>
          markup`<text class="chip" x="${px(x + 3)}" y="${px(topPx + 14)}">${text}<title>${band.fault.planned.summary}, from ${formatInstant(band.fault.fromMs, startMs)} to ${formatInstant(band.fault.toMs, startMs)}</title></text>`,
      )}`,
  }));
}

function levelStrips(frame: Frame): Strip[] {
  const changed = frame.bands.filter(hasChanged);
  return titled(
    'faults that changed',
    'how large a share each hit, from none to all',
    changed.map((band) => ({ heightPx: LEVELS_PX, draw: (topPx: number) => drawLevels(band, frame, topPx) })),
  );
}

function axisStrip(frame: Frame): Strip {
  return {
    heightPx: 20,
    draw: (topPx) => markup`<g transform="translate(0 ${px(topPx)})"><text class="label" x="0" y="13">min:sec</text>
${frame.ticksMs.map((at) => markup`<text class="tick" x="${px(frame.x(at))}" y="13" text-anchor="middle">${formatInstant(at, frame.startMs).replace(/\.0$/, '')}</text>`)}</g>`,
  };
}

function flowStrips({ title, remark, legend, panels }: FlowPanels, frame: Frame): Strip[] {
  const rows = rowsOf(legend);
  const heading: Strip = {
    heightPx: 30 + rows.length * LEGEND_PX,
    draw: (
      topPx,
    ) => markup`<text class="heading" x="0" y="${px(topPx + 17)}">${shorten(title, 80)} <tspan class="remark">${shorten(remark, 60)}</tspan></text>
${rows.map((row, i) => row.map((entry) => drawLegend(entry, topPx + 33 + i * LEGEND_PX)))}`,
  };
  return [
    heading,
    ...panels.map((panel) => ({ heightPx: panel.heightPx + GAP_PX, draw: (topPx: number) => drawPanel(panel, frame, topPx) })),
  ];
}

interface PlacedEntry {
  entry: LegendEntry;
  xPx: number;
}

/** From left to right, and on in the next row where there is no room left. */
function rowsOf(legend: readonly LegendEntry[]): readonly (readonly PlacedEntry[])[] {
  const rows: PlacedEntry[][] = [[]];
  let xPx = LEFT_PX;
  for (const entry of legend) {
    const widthPx = 30 + entry.text.length * 5.8;
    if (xPx > LEFT_PX && xPx + widthPx > RIGHT_PX) {
      rows.push([]);
      xPx = LEFT_PX;
    }
    rows.at(-1)?.push({ entry, xPx });
    xPx += widthPx + 12;
  }
  return rows;
}

function drawLegend({ entry: { look, text, filled }, xPx }: PlacedEntry, yPx: number): Markup {
  const swatch = filled
    ? markup`<rect class="fill ${look}" x="${px(xPx)}" y="${px(yPx - 8)}" width="22" height="8"/><line class="curve ${look}" x1="${px(xPx)}" x2="${px(xPx + 22)}" y1="${px(yPx - 8)}" y2="${px(yPx - 8)}"/>`
    : markup`<line class="curve ${look}" x1="${px(xPx)}" x2="${px(xPx + 22)}" y1="${px(yPx - 4)}" y2="${px(yPx - 4)}"/>`;
  return markup`${swatch}<text class="legend" x="${px(xPx + 27)}" y="${px(yPx)}">${text}</text>`;
}

function laneStrips(record: RunRecord, findings: readonly Finding[], frame: Frame): Strip[] {
  const states = stateLanes(findings.flatMap(({ lanes }) => lanes ?? []));
  const breakers = states.filter((s) => s.kind === 'breaker');
  const instances = states.filter((s) => s.kind === 'ejection');
  const probes = [...new Set(record.probes.map((r) => r.probe))];
  const said = saidIn(record.events);
  const lane = (label: string, segments: Parameters<typeof drawLane>[1]): Strip => ({
    heightPx: LANE_PX,
    draw: (topPx) => drawLane(shorten(label, 23), segments, { frame, topPx }),
  });
  return [
    ...titled(
      'circuit breakers',
      'as inferred from the wire: green closed · red open · dotted half-open, a trial call',
      breakers.map((s) => lane(s.subject, s.segments)),
    ),
    ...titled(
      'instances in or out of the pool',
      'as inferred from the wire: green in · red taken out',
      instances.map((s) => lane(s.subject, s.segments)),
    ),
    ...titled(
      'failure detectors',
      'what they would have made of the answers: green trusted · red suspected',
      states.filter((s) => s.kind === 'suspicion').map((s) => lane(s.subject, s.segments)),
    ),
    ...titled(
      'probes',
      '● met · ✕ not met · ○ nothing to judge by',
      probes.map((probe) => ({
        heightPx: LANE_PX,
        draw: (topPx: number) =>
          drawProbes(
            shorten(probe, 23),
            record.probes.filter((r) => r.probe === probe),
            { frame, topPx },
          ),
      })),
    ),
    ...(said.length === 0
      ? []
      : titled('what people said and decided', '▼ note · ◆ answer at a gate', [
          { heightPx: LANE_PX, draw: (topPx: number) => drawSaid(said, { frame, topPx }) },
        ])),
    ...titled('phases of the run', '', [lane('', phaseSegments(record))]),
  ];
}

function titled(title: string, remark: string, strips: readonly Strip[]): Strip[] {
  if (strips.length === 0) return [];
  const heading: Strip = {
    heightPx: 26,
    draw: (topPx) => markup`<text class="heading" x="0" y="${px(topPx + 17)}">${title} <tspan class="remark">${remark}</tspan></text>`,
  };
  return [heading, ...strips];
}
