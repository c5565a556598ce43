/** Where each run stands in the picture of a figure. Pure. */
import type { TrendAnswer } from '../../../../../src/control/library/contract.js';

type Point = NonNullable<TrendAnswer['trend']>['points'][number];

export interface Placed {
  run: string;
  verdict: Point['verdict'];
  value: number;
  xPx: number;
  yPx: number;
}

export interface Frame {
  leftPx: number;
  rightPx: number;
  topPx: number;
  bottomPx: number;
}

const TICKS = 3;

/** From nothing to the highest, so that a small change does not look like a cliff. Points without a value are left out, and the line breaks there. */
export function placesOf(
  points: readonly Point[],
  frame: Frame,
): { placed: readonly Placed[]; ticks: readonly { value: number; yPx: number }[]; line: string } {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const lowest = Math.min(0, ...values);
  const highest = Math.max(lowest + Number.MIN_VALUE, ...values);
  const xOf = (i: number): number => round(frame.leftPx + ((i + 0.5) / points.length) * (frame.rightPx - frame.leftPx));
  const yOf = (value: number): number => round(frame.bottomPx - ((value - lowest) / (highest - lowest)) * (frame.bottomPx - frame.topPx));
  let line = '';
  let isBroken = true;
  const placed: Placed[] = [];
  for (const [i, { run, verdict, value }] of points.entries()) {
    if (value !== null) {
      const [xPx, yPx] = [xOf(i), yOf(value)];
      placed.push({ run, verdict, value, xPx, yPx });
      line += `${isBroken ? 'M' : 'L'}${xPx} ${yPx}`;
    }
    isBroken = value === null;
  }
  const ticks = Array.from({ length: TICKS }, (_, i) => lowest + ((highest - lowest) * i) / (TICKS - 1));
  return { placed, ticks: ticks.map((value) => ({ value, yPx: yOf(value) })), line };
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
