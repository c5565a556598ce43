/** The method of a plan over time, a bar a step. The same steps are told as text in the plan below it. */
import type { PlanView } from '../../../../../src/control/library/contract.js';
import { formatMs } from '../../parts/words.js';

const WIDTH_PX = 720;
const LEFT_PX = 200;
const ROW_PX = 20;
const TOP_PX = 18;
const ROWS_MAX = 60;
const NAME_CHARACTERS_MAX = 28;

export function PlanTimeline({ plan: { steps, methodMs } }: { plan: PlanView }) {
  if (steps.length === 0 || methodMs === 0) return null;
  const shown = steps.slice(0, ROWS_MAX);
  const heightPx = TOP_PX + shown.length * ROW_PX + 4;
  const xOf = (ms: number): number => LEFT_PX + (ms / methodMs) * (WIDTH_PX - LEFT_PX - 4);
  return (
    <svg
      class="gantt"
      viewBox={`0 0 ${WIDTH_PX} ${heightPx}`}
      role="img"
      aria-label={`${steps.length} steps over ${formatMs(methodMs)}; the plan below tells each`}
    >
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line class="grid" x1={xOf(share * methodMs)} x2={xOf(share * methodMs)} y1={TOP_PX - 4} y2={heightPx} />
          <text class="soft" x={xOf(share * methodMs)} y={11} text-anchor={share === 1 ? 'end' : 'middle'}>
            {formatMs(share * methodMs)}
          </text>
        </g>
      ))}
      {shown.map(({ name, kind, fromMs, toMs, summary }, i) => (
        <g key={name}>
          <title>{`${name}: ${summary}`}</title>
          <text x={LEFT_PX - 8} y={TOP_PX + i * ROW_PX + 13} text-anchor="end">
            {name.length > NAME_CHARACTERS_MAX ? `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…` : name}
          </text>
          <rect
            class={kind === 'fault' ? 'fault' : 'other'}
            x={xOf(fromMs)}
            y={TOP_PX + i * ROW_PX + 3}
            width={Math.max(2, xOf(toMs) - xOf(fromMs))}
            height={13}
            rx={2}
          />
        </g>
      ))}
    </svg>
  );
}
