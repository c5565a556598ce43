/** The runs of an experiment from left to right, one figure upwards. A run that says nothing of it leaves a gap; a verdict is told by the shape of its mark. */
import type { TrendAnswer } from '../../../../../src/control/library/contract.js';
import { sayFigure } from '../compare/change.js';
import { type Placed, placesOf } from './places.js';

const WIDTH_PX = 720;
const HEIGHT_PX = 200;
const FRAME = { leftPx: 64, rightPx: WIDTH_PX - 12, topPx: 12, bottomPx: HEIGHT_PX - 20 };

interface TrendPictureProps {
  figure: string;
  unit: string;
  points: NonNullable<TrendAnswer['trend']>['points'];
}

export function TrendPicture({ figure, unit, points }: TrendPictureProps) {
  const { placed, ticks, line } = placesOf(points, FRAME);
  if (placed.length < 2) return <p class="soft">Two runs have to tell it before there is anything to draw.</p>;
  return (
    <svg
      class="trend"
      viewBox={`0 0 ${WIDTH_PX} ${HEIGHT_PX}`}
      role="img"
      aria-label={`${figure} over ${points.length} runs; the table below has its values`}
    >
      {ticks.map(({ value, yPx }) => (
        <g key={value}>
          <line class="grid" x1={FRAME.leftPx} x2={FRAME.rightPx} y1={yPx} y2={yPx} />
          <text x={FRAME.leftPx - 6} y={yPx + 4} text-anchor="end">
            {sayFigure(value, unit)}
          </text>
        </g>
      ))}
      <path class="curve" d={line} />
      {placed.map((point) => (
        <Mark key={point.run} point={point} says={`${point.run}: ${sayFigure(point.value, unit)}, ${point.verdict}`} />
      ))}
    </svg>
  );
}

function Mark({ point: { xPx, yPx, verdict }, says }: { point: Placed; says: string }) {
  return verdict === 'pass' ? (
    <circle class={verdict} cx={xPx} cy={yPx} r={4}>
      <title>{says}</title>
    </circle>
  ) : (
    <path class={verdict} d={`M${xPx - 4} ${yPx - 4}l8 8m0-8l-8 8`}>
      <title>{says}</title>
    </path>
  );
}
