/** What all parts of the timeline share: one time axis from left to right, and the bands where faults were on. */
import { scaleLinear } from 'd3-scale';
import type { FaultWindow, RunRecord } from '../../journal/record.js';
import type { Flow } from '../flow.js';
import { type Axis, axisOf } from '../series.js';
import { letterOf } from '../wording.js';

export interface Band {
  /** Ties the band to the table of faults. */
  letter: string;
  fault: FaultWindow;
  fromPx: number;
  toPx: number;
  /** Its end was not seen: the band runs to the edge. */
  open: boolean;
}
export interface Frame {
  axis: Axis;
  /** Instants are said relative to this one. */
  startMs: number;
  /** Clamped to the plot: nothing is ever drawn over the labels. */
  x(atMs: number): number;
  bands: readonly Band[];
  /** Instants to label, on round figures of time since the start. */
  ticksMs: readonly number[];
}

export const WIDTH_PX = 1_100;
export const LEFT_PX = 148;
export const RIGHT_PX = WIDTH_PX - 14;

const TICKS_MAX = 14;
const TICK_CHOICES_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600].map((s) => s * 1e3);

export function frameOf(record: RunRecord): Frame {
  const axis = axisOf(record);
  const startMs = Number.isFinite(record.fromMs) ? record.fromMs : axis.fromMs;
  const scale = scaleLinear().domain([axis.fromMs, axis.toMs]).range([LEFT_PX, RIGHT_PX]).clamp(true);
  const x = (atMs: number): number => (Number.isFinite(atMs) ? scale(atMs) : RIGHT_PX);
  const bands = record.faults.map((fault, i) => ({
    letter: letterOf(i),
    fault,
    fromPx: x(fault.fromMs),
    toPx: Math.max(x(fault.fromMs) + 1, x(fault.toMs)),
    open: !Number.isFinite(fault.toMs),
  }));
  return { axis, startMs, x, bands, ticksMs: ticksOf(axis, startMs) };
}

function ticksOf({ fromMs, toMs }: Axis, startMs: number): number[] {
  const stepMs = TICK_CHOICES_MS.find((ms) => (toMs - fromMs) / ms <= TICKS_MAX) ?? (toMs - fromMs) / TICKS_MAX;
  const ticks: number[] = [];
  for (let i = Math.ceil((fromMs - startMs) / stepMs); startMs + i * stepMs <= toMs; i++) ticks.push(startMs + i * stepMs);
  return ticks;
}

/** Whether a fault acts on links of this flow. */
export function strikes(band: Band, flow: Flow, record: RunRecord): boolean {
  const links = new Set(band.fault.planned.links);
  return record.plan.links.some((l) => links.has(l.name) && l.fromService === flow.from && l.toService === flow.to);
}
