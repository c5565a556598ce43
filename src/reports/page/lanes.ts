/** Rows of states under the panels: phases, probes, and what breakers and instances were in, as the checks inferred it. */
import type { ProbeResult, RunRecord } from '../../journal/record.js';
import { formatInstant } from '../wording.js';
import { type Frame, LEFT_PX, RIGHT_PX } from './frame.js';
import { type Markup, markup, px } from './markup.js';
import { PHASE_WORDS, type Segment } from './state-lanes.js';

export const LANE_PX = 18;
const BAR_PX = 14;
/** Average width of a character at the size of a lane's text; a word that would not fit is left to the tooltip. */
const CHARACTER_PX = 6.4;

/** A half-open breaker may be so for a millisecond; it is what the reader looks for. */
const WIDTH_PX_MIN = 3;

/** The shortest states are drawn last: beside a long neighbour they would be covered. */
export function drawLane(label: string, segments: readonly Segment[], { frame, topPx }: { frame: Frame; topPx: number }): Markup {
  return markup`<g transform="translate(0 ${px(topPx)})">${laneLabel(label)}
${[...segments].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).map((s) => drawSegment(s, frame))}</g>`;
}

function laneLabel(label: string): Markup {
  return markup`<text class="lane" x="${LEFT_PX - 6}" y="11" text-anchor="end">${label}</text>`;
}

function drawSegment({ fromMs, toMs, text, look }: Segment, frame: Frame): Markup | undefined {
  const fromPx = frame.x(fromMs);
  const widthPx = Math.max(WIDTH_PX_MIN, frame.x(toMs) - fromPx);
  if (toMs < frame.axis.fromMs || fromMs > frame.axis.toMs) return undefined;
  const fits = text.length * CHARACTER_PX + 4 < widthPx;
  const from = formatInstant(fromMs, frame.startMs);
  return markup`<rect class="state ${look}" x="${px(fromPx)}" y="0" width="${px(widthPx)}" height="${BAR_PX}" rx="2"><title>${text} from ${from} to ${formatInstant(toMs, frame.startMs)}</title></rect>${fits && markup`<text class="inside" x="${px(fromPx + 3)}" y="10.5">${text}</text>`}`;
}

export function phaseSegments(record: RunRecord): Segment[] {
  return record.phases.map(({ phase, fromMs, toMs }) => ({ fromMs, toMs, text: PHASE_WORDS[phase] ?? phase, look: 'phase' }));
}

/** A mark for every result: its shape says the outcome, its colour only repeats it. */
export function drawProbes(probe: string, results: readonly ProbeResult[], { frame, topPx }: { frame: Frame; topPx: number }): Markup {
  const marks = results.filter((r) => r.atMs >= frame.axis.fromMs && r.atMs <= frame.axis.toMs + 1_000);
  return markup`<g transform="translate(0 ${px(topPx)})">${laneLabel(probe)}
<line class="grid" x1="${LEFT_PX}" x2="${RIGHT_PX}" y1="7" y2="7"/>
${marks.map((result) => drawMark(result, frame))}</g>`;
}

function drawMark({ met, atMs, detail }: ProbeResult, frame: Frame): Markup {
  const x = frame.x(atMs);
  const word = met === null ? 'nothing to judge by' : met ? 'met' : 'not met';
  const title = markup`<title>${word} at ${formatInstant(atMs, frame.startMs)}: ${detail}</title>`;
  if (met === true) return markup`<circle class="met" cx="${px(x)}" cy="7" r="3">${title}</circle>`;
  if (met === null) return markup`<circle class="unjudged" cx="${px(x)}" cy="7" r="3">${title}</circle>`;
  return markup`<path class="unmet" d="M${px(x - 4)} 3l8 8m0-8l-8 8">${title}</path>`;
}
