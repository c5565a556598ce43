/**
 * Lines over time on a canvas, by uPlot. The chart is made anew when its lines, its width or the theme change; data and time range are only set.
 * What a reader would get wrong: the lines share one time axis with all charts of the same `sync`, and the range is its owner's, never the chart's.
 */
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { isDark } from '../shell/theme.js';
import { colourOf } from './colours.js';
import { drawInTurn, drawNoMore } from './draw-in-turn.js';

export interface ChartLine {
  label: string;
  /** Custom property of the style: `--p99`. */
  colour: string;
  dash?: readonly number[];
  /** A value for each of `seconds`; null is a gap. */
  values: readonly (number | null)[];
}
export interface ChartBand {
  fromSecond: number;
  toSecond: number;
  /** It acts on what is drawn; others are only hinted at. */
  isOwn: boolean;
}
export interface ChartProps {
  /** Read aloud in place of the picture. */
  label: string;
  seconds: readonly number[];
  lines: readonly ChartLine[];
  bands: readonly ChartBand[];
  /** In seconds, as `seconds`. */
  range: readonly [number, number];
  /** The top of the scale is at least this. */
  topMin: number;
  /** Nothing can be above it. */
  topMax?: number;
  formatValue: (value: number) => string;
  /** Marks of the axis stand on round distances from this second. */
  originSecond: number;
  formatSecond: (second: number) => string;
  widthPx: number;
  heightPx: number;
  /** Left of the plot, the same for all charts and lanes that share an axis. */
  gutterPx: number;
  /** Charts with the same key share the time under the cursor. */
  sync: string;
  /** The second under the cursor; undefined when it leaves. */
  onCursor: (second: number | undefined) => void;
  /** A stretch was dragged. */
  onRange: (range: readonly [number, number]) => void;
}

/** Room under the plot for the time; charts above the lowest have it too, so that all are alike. */
const AXIS_PX = 22;
const TICK_SPACE_PX = 78;
const RIGHT_PX = 8;

export function Chart(props: ChartProps) {
  const { label, lines, widthPx, heightPx, gutterPx, seconds, range, originSecond } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo(
    (): uPlot.AlignedData => [seconds.map((second) => second - originSecond), ...lines.map(({ values }) => values as (number | null)[])],
    [seconds, lines, originSecond],
  );
  const [from, to] = [range[0] - originSecond, range[1] - originSecond];
  const look = JSON.stringify([widthPx, heightPx, gutterPx, isDark.value, lines.map((line) => [line.label, line.colour, line.dash])]);
  useLayoutEffect(() => {
    if (host.current === null || look === '') return undefined;
    const made = new uPlot(optionsOf(latest), data, host.current);
    chart.current = made;
    return () => made.destroy();
  }, [look]);
  const drawn = useRef(data);
  useEffect(() => {
    const isNew = drawn.current !== data;
    drawn.current = data;
    const draw = (): void => {
      if (isNew) chart.current?.setData(data, false);
      chart.current?.setScale('x', { min: from, max: to });
    };
    // Whoever zooms wants to see it at once; what a second brings may wait for its turn.
    if (isNew) drawInTurn(host, draw);
    else draw();
  }, [from, to, data]);
  useEffect(() => () => drawNoMore(host), []);
  return <div ref={host} class="chart" role="img" aria-label={label} style={{ height: `${heightPx}px` }} />;
}

interface Latest {
  readonly current: ChartProps;
}

function optionsOf(latest: Latest): uPlot.Options {
  const { widthPx, heightPx, gutterPx, lines, range, originSecond, sync } = latest.current;
  const band = colourOf('--band');
  return {
    width: widthPx,
    height: heightPx,
    padding: [8, RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: sync, setSeries: false }, drag: { x: true, y: false, setScale: false }, y: false, points: { size: 5 } },
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, min: range[0] - originSecond, max: range[1] - originSecond, auto: false },
      y: { range: (_chart, _low, high) => scaleOf(latest.current, high) },
    },
    axes: axesOf(latest, gutterPx),
    series: [{}, ...lines.map(seriesOf)],
    hooks: {
      drawClear: [(chart) => drawBands(chart, latest.current, band)],
      setCursor: [
        ({ cursor: { left }, posToVal }) =>
          latest.current.onCursor(left === undefined || left < 0 ? undefined : posToVal(left, 'x') + latest.current.originSecond),
      ],
      setSelect: [(chart) => takeSelection(chart, latest.current)],
    },
  };
}

function seriesOf({ label, colour, dash }: ChartLine): uPlot.Series {
  const stroke = colourOf(colour);
  return { label, stroke, width: 1.5, spanGaps: false, points: { show: false }, ...(dash === undefined ? {} : { dash: [...dash] }) };
}

function axesOf(latest: Latest, gutterPx: number): uPlot.Axis[] {
  const [stroke, grid] = [colourOf('--soft'), colourOf('--grid')];
  const shared: uPlot.Axis = { stroke, font: '11px system-ui, sans-serif', grid: { stroke: grid, width: 1 }, ticks: { show: false } };
  return [
    {
      ...shared,
      size: AXIS_PX,
      gap: 4,
      space: TICK_SPACE_PX,
      incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900],
      values: (_chart, splits) => splits.map((split) => latest.current.formatSecond(split + latest.current.originSecond)),
    },
    { ...shared, size: gutterPx, gap: 6, space: 26, values: (_chart, splits) => splits.map(latest.current.formatValue) },
  ];
}

/** From 0, and a little higher than the highest value. */
function scaleOf({ topMin, topMax = Number.POSITIVE_INFINITY }: ChartProps, high: number | null): [number, number] {
  return [0, Math.min(topMax, Math.max(topMin, (high ?? 0) * 1.08))];
}

function drawBands(chart: uPlot, { bands, originSecond }: ChartProps, colour: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  for (const { fromSecond, toSecond, isOwn } of bands) {
    const from = chart.valToPos(fromSecond - originSecond, 'x', true);
    const to = chart.valToPos(toSecond - originSecond, 'x', true);
    ctx.globalAlpha = isOwn ? 0.26 : 0.1;
    ctx.fillRect(from, bbox.top, Math.max(1, to - from), bbox.height);
  }
  ctx.restore();
}

/** A click is no stretch. */
const DRAGGED_PX_MIN = 6;

function takeSelection(chart: uPlot, { onRange, originSecond }: ChartProps): void {
  const { left, width } = chart.select;
  if (width === 0) return;
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (width >= DRAGGED_PX_MIN) onRange([chart.posToVal(left, 'x') + originSecond, chart.posToVal(left + width, 'x') + originSecond]);
}
