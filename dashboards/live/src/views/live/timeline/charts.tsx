/** The charts of the timeline: how much is asked, how much of it fails, and how long it takes, for the links that were chosen. */
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatMs } from '../../../../../../src/core/units.js';
import { formatNumber, formatRatio } from '../../../../../../src/reports/wording.js';
import { Chart, type ChartBand, type ChartLine } from '../../../parts/chart.js';
import { formatBytes } from '../../../parts/figures.js';
import type { ColumnName } from '../../../state/link-history.js';
import { model, nowMs, topology } from '../../../state/live.js';
import { bands } from '../../../state/now.js';
import { shownLinks } from '../selection.js';
import { bytesLine, columnLine, errorLine, type Line, valueOf } from './chart-data.js';
import { formatSecond, originSecond } from './clock-words.js';
import { fixed } from './time-range.js';
import { chooseRange, cursorSecond, seconds, stretch } from './timeline-state.js';

export interface ChartsProps {
  widthPx: number;
  gutterPx: number;
}

const HEIGHT_PX = 132;
const PERCENTILES = [
  { column: 'p50Ms', label: 'p50', colour: '--p50' },
  { column: 'p90Ms', label: 'p90', colour: '--p90', dash: [2, 2] },
  { column: 'p99Ms', label: 'p99', colour: '--p99', dash: [6, 3] },
] as const satisfies readonly { column: ColumnName; label: string; colour: string; dash?: readonly number[] }[];

type Percentile = (typeof PERCENTILES)[number];

/** With one link all three are drawn; with several, one of each. */
export const percentile = signal<Percentile['column']>('p99Ms');

export function Charts({ widthPx, gutterPx }: ChartsProps) {
  const links = shownLinks.value;
  const kinds = new Set(topology.value.links.filter(({ name }) => links.includes(name)).map(({ protocol }) => protocol === 'tcp'));
  const shared = { widthPx, gutterPx };
  return (
    <>
      {kinds.has(false) && (
        <>
          <LinkChart
            {...shared}
            title="requests/s"
            lines={perLink(links, (h, s) => columnLine(h, 'requests', s))}
            topMin={5}
            formatValue={formatNumber}
          />
          <LinkChart {...shared} title="errors" lines={perLink(links, errorLine)} topMin={0.05} topMax={1} formatValue={formatRatio} />
          <LinkChart {...shared} title={latencyTitle(links)} lines={latencyLines(links)} topMin={5} formatValue={formatMs} />
        </>
      )}
      {kinds.has(true) && (
        <LinkChart {...shared} title="bytes/s" lines={perLink(links, bytesLine)} topMin={1_000} formatValue={formatBytes} />
      )}
    </>
  );
}

type History = Parameters<typeof columnLine>[0];

function perLink(links: readonly string[], lineOf: (history: History, seconds: readonly number[]) => Line): readonly ChartLine[] {
  return links.map((link, i) => ({
    label: link,
    colour: `--series-${i + 1}`,
    values: lineOf(model.value?.histories.get(link), seconds.value),
  }));
}

function latencyTitle(links: readonly string[]): string {
  return links.length === 1 ? 'latency' : (PERCENTILES.find(({ column }) => column === percentile.value)?.label ?? 'latency');
}

function latencyLines(links: readonly string[]): readonly ChartLine[] {
  const [only] = links;
  if (links.length !== 1 || only === undefined) return perLink(links, (history, at) => columnLine(history, percentile.value, at));
  const history = model.value?.histories.get(only);
  return PERCENTILES.map(({ column, ...look }) => ({ ...look, values: columnLine(history, column, seconds.value) }));
}

interface LinkChartProps extends ChartsProps {
  title: string;
  lines: readonly ChartLine[];
  topMin: number;
  topMax?: number;
  formatValue: (value: number) => string;
}

function LinkChart({ title, lines, widthPx, gutterPx, topMin, topMax, formatValue }: LinkChartProps) {
  const { fromMs, toMs } = stretch.value;
  const shades = useShades();
  return (
    <figure class="line-chart">
      <figcaption>
        <b>{title}</b>
        <Values lines={lines} formatValue={formatValue} />
      </figcaption>
      <Chart
        label={`${title} over time: ${lines.map(({ label }) => label).join(', ')}`}
        seconds={seconds.value}
        lines={lines}
        bands={shades}
        range={[fromMs / 1_000, toMs / 1_000]}
        originSecond={originSecond.value}
        {...{ widthPx, gutterPx, topMin, formatValue, formatSecond }}
        {...(topMax === undefined ? {} : { topMax })}
        heightPx={HEIGHT_PX}
        sync="timeline"
        onCursor={(second) => {
          cursorSecond.value = second;
        }}
        onRange={([from, to]) => {
          chooseRange(fixed({ fromMs: from * 1_000, toMs: to * 1_000 }, nowMs.value));
        }}
      />
    </figure>
  );
}

/** Each line's name with its value under the cursor, or its newest. */
function Values({ lines, formatValue }: Pick<LinkChartProps, 'lines' | 'formatValue'>) {
  return (
    <span class="values">
      {lines.map(({ label, colour, values }) => {
        const value = valueOf(values, seconds.value, cursorSecond.value);
        return (
          <span key={label} class="value">
            <i style={{ background: `var(${colour})` }} />
            {label} <b>{value === null ? '–' : formatValue(value)}</b>
          </span>
        );
      })}
    </span>
  );
}

function useShades(): readonly ChartBand[] {
  const [links, all, now] = [shownLinks.value, bands.value, nowMs.value];
  return useMemo(
    () =>
      all.map(({ fromMs, toMs, links: struck }) => ({
        fromSecond: fromMs / 1_000,
        toSecond: (toMs ?? now) / 1_000,
        isOwn: struck.some((link) => links.includes(link)),
      })),
    [links, all, now],
  );
}
