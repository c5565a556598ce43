/** The lanes under the charts, on the same time axis. Each bar and mark says in words what it is when it is pointed at; the news list says it to everybody. */
import { useMemo } from 'preact/hooks';
import { events, run } from '../../../state/live.js';
import { bands } from '../../../state/now.js';
import { formatSecond } from './clock-words.js';
import { LANES_MAX, type Lane, type LaneMark, type LaneSegment, lanesOf } from './lanes.js';
import { cursorSecond, stretch } from './timeline-state.js';

export interface LaneRowsProps {
  widthPx: number;
  gutterPx: number;
}

const LANE_PX = 20;
const HEADING_PX = 20;
const BAR_PX = 14;
const RIGHT_PX = 8;
/** A half-open breaker may be so for a millisecond; it is what the reader looks for. */
const BAR_WIDTH_PX_MIN = 3;
const CHARACTER_PX = 6.4;

export function LaneRows({ widthPx, gutterPx }: LaneRowsProps) {
  const verdicts = run.value?.verdicts;
  const [told, on] = [events.value, bands.value];
  const all = useMemo(() => lanesOf(told, on, verdicts?.lanes ?? []), [told, on, verdicts]);
  const { fromMs, toMs } = stretch.value;
  const plotPx = Math.max(1, widthPx - gutterPx - RIGHT_PX);
  const x = (atMs: number): number => gutterPx + (Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs))) * plotPx || 0);
  const rows = placed(all.slice(0, LANES_MAX));
  const height = (rows.at(-1)?.topPx ?? 0) + LANE_PX + 2;
  return (
    <>
      <svg
        class="lanes"
        width={widthPx}
        height={height}
        role="img"
        aria-label={`Phases, faults, breakers and probes over time: ${all.length} lanes`}
      >
        {rows.map(({ lane, topPx, heading }) => (
          <g key={`${lane.heading} ${lane.label}`} transform={`translate(0 ${topPx})`}>
            {heading !== undefined && (
              <text class="heading" x="0" y="-5">
                {heading}
              </text>
            )}
            <text class="lane-label" x={gutterPx - 6} y="11.5" text-anchor="end">
              {fitted(lane.label, gutterPx - 8)}
              <title>{lane.label}</title>
            </text>
            <line class="grid" x1={gutterPx} x2={widthPx - RIGHT_PX} y1={BAR_PX / 2} y2={BAR_PX / 2} />
            {shortestLast(lane.segments, { fromMs, toMs }).map((segment) => (
              <Bar key={`${segment.fromMs} ${segment.look}`} segment={segment} x={x} />
            ))}
            {lane.marks
              .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
              .map((mark) => (
                <Mark key={`${mark.atMs} ${mark.text}`} mark={mark} x={x(mark.atMs)} />
              ))}
          </g>
        ))}
        <Cursor x={x} height={height} />
      </svg>
      {all.length > LANES_MAX && <p class="soft">{all.length - LANES_MAX} more lanes are not drawn.</p>}
    </>
  );
}

/** Apart from the lanes, which need not be drawn anew when the mouse moves. */
function Cursor({ x, height }: { x: (atMs: number) => number; height: number }) {
  if (cursorSecond.value === undefined) return null;
  const at = x(cursorSecond.value * 1_000);
  return <line class="cursor" x1={at} x2={at} y1="0" y2={height} />;
}

function placed(lanes: readonly Lane[]): readonly { lane: Lane; topPx: number; heading?: string }[] {
  let topPx = 0;
  let before = '';
  return lanes.map((lane) => {
    const isFirst = lane.heading !== before;
    before = lane.heading;
    if (isFirst) topPx += HEADING_PX;
    const row = { lane, topPx, ...(isFirst ? { heading: lane.heading } : {}) };
    topPx += LANE_PX;
    return row;
  });
}

/** The shortest are drawn last: beside a long neighbour they would be covered. */
function shortestLast(segments: readonly LaneSegment[], { fromMs, toMs }: { fromMs: number; toMs: number }): readonly LaneSegment[] {
  const seen = segments.filter((segment) => segment.toMs >= fromMs && segment.fromMs <= toMs);
  return seen.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
}

function Bar({ segment: { fromMs, toMs, text, look }, x }: { segment: LaneSegment; x: (atMs: number) => number }) {
  const from = x(fromMs);
  const width = Math.max(BAR_WIDTH_PX_MIN, x(toMs) - from);
  const until = toMs === Number.POSITIVE_INFINITY ? 'now' : formatSecond(toMs / 1_000);
  const fits = Math.floor((width - 8) / CHARACTER_PX);
  return (
    <g>
      <title>{`${text}, from ${formatSecond(fromMs / 1_000)} to ${until}`}</title>
      <rect class={`bar ${look}`} x={from} width={width} height={BAR_PX} rx="2" />
      {fits >= Math.min(text.length, 6) && (
        <text class="inside" x={from + 4} y="11">
          {fitted(text, width - 8)}
        </text>
      )}
    </g>
  );
}

/** A triangle for what people said, a diamond for gates, a cross for what stopped or failed. */
function Mark({ mark: { look, text, atMs }, x }: { mark: LaneMark; x: number }) {
  const shapes = { note: 'M-5 2H5L0 12Z', gate: 'M0 1L6 7L0 13L-6 7Z', stop: 'M-5 2L5 12M5 2L-5 12' };
  return (
    <g class={`lane-mark ${look}`} transform={`translate(${x} 0)`}>
      <title>{`${text}, at ${formatSecond(atMs / 1_000)}`}</title>
      <path d={shapes[look]} />
    </g>
  );
}

function fitted(text: string, widthPx: number): string {
  const fits = Math.max(1, Math.floor(widthPx / CHARACTER_PX));
  return text.length <= fits ? text : `${text.slice(0, fits - 1)}…`;
}
