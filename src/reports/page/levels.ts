/** How much of a fault was on when: the steps of ramps, pulses and changes by hand, as one shape under its name. A fault that never changed needs none. */
import { area, curveStepAfter } from 'd3-shape';
import type { FaultLevel } from '../../journal/record.js';
import { shorten } from '../printable.js';
import { formatNumber } from '../wording.js';
import { type Band, type Frame, LEFT_PX, RIGHT_PX } from './frame.js';
import { type Markup, markup, px } from './markup.js';

export const LEVELS_PX = 26;
const SHAPE_PX = 20;
/** Steps that are nearer to each other cannot be told apart on a page: a pulse may turn a hundred times a second. */
const STEP_PX_MIN = 0.4;

/** The share that is hit, 0 while a pulse has it off. */
function shareOf({ isOn, percentage }: FaultLevel): number {
  return isOn ? percentage : 0;
}

export function hasChanged({ fault: { levels } }: Band): boolean {
  const [first] = levels;
  return first !== undefined && levels.some((level) => shareOf(level) !== shareOf(first));
}

export function drawLevels({ letter, fault, toPx }: Band, frame: Frame, topPx: number): Markup {
  const steps = apart(fault.levels.map((level): [number, number] => [frame.x(level.atMs), shareOf(level)]));
  const last = steps.at(-1)?.[1] ?? 0;
  const shape = area<[number, number]>()
    .x(([x]) => x)
    .y0(SHAPE_PX)
    .y1(([, share]) => SHAPE_PX * (1 - share / 100))
    .curve(curveStepAfter)
    .digits(1);
  const shares = fault.levels.map(shareOf);
  const said = `${fault.step}: from ${formatNumber(shares.reduce((a, b) => Math.min(a, b)))} % to ${formatNumber(shares.reduce((a, b) => Math.max(a, b)))} %`;
  return markup`<g transform="translate(0 ${px(topPx)})"><text class="lane" x="${LEFT_PX - 6}" y="14" text-anchor="end">${letter}  ${shorten(fault.step, 19)}</text>
<rect class="plot" x="${LEFT_PX}" y="0" width="${RIGHT_PX - LEFT_PX}" height="${SHAPE_PX}"/><path class="level" d="${shape([...steps, [toPx, last]]) ?? ''}"><title>${said}</title></path></g>`;
}

/** Without steps that begin at the same place as the one before; the last is always there, because what follows it is its own. */
function apart(steps: readonly [number, number][]): [number, number][] {
  let drawnPx = Number.NEGATIVE_INFINITY;
  return steps.filter(([x], i) => {
    if (x - drawnPx < STEP_PX_MIN && i < steps.length - 1) return false;
    drawnPx = x;
    return true;
  });
}
