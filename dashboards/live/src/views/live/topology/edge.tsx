/** One link in the picture: its width says how much crosses it, its colour how well that goes, and marks say what is done to it. */
import type { LiveFault } from '../../../../../../src/control/live/contract.js';
import { stateWord } from '../../../../../../src/reports/page/state-lanes.js';
import { formatNumber, formatRatio } from '../../../../../../src/reports/wording.js';
import type { EdgeState } from '../../../state/edge-states.js';
import { type FaultKind, faultKindOf } from '../../../state/fault-kinds.js';
import type { LinkNow } from '../../../state/link-now.js';
import { nowMs } from '../../../state/live.js';
import type { TopologyLink } from '../../../state/topology.js';
import { type Curve, directionAt, pathOf, pointAt } from './curve.js';

export interface EdgeProps {
  link: TopologyLink;
  curve: Curve;
  now: LinkNow;
  faults: readonly LiveFault[];
  states: readonly EdgeState[];
  isSelected: boolean;
  /** One of so many that there is no room for figures. */
  isDense: boolean;
  /** Nothing else reaches its callee, whose box says the same. */
  isOnlyOne: boolean;
}

const WIDTH_PX_MAX = 7;
const DENSE_SHARE = 0.45;
/** What is known of a state up to then only is drawn pale. */
const OLD_MS = 10_000;

/** Grows with the logarithm: 1 request a second is thin, and 1,000 do not cover the page. */
export function widthOf({ requestsPerSecond, bytesPerSecond }: LinkNow): number {
  const load = requestsPerSecond > 0 ? requestsPerSecond : bytesPerSecond / 10_000;
  return Math.min(WIDTH_PX_MAX, 1.25 + Math.log2(1 + load) * 0.7);
}

/** Equal for edges that look alike: widths and figures as they are drawn. */
export function edgeLook({ now, faults, states }: Pick<EdgeProps, 'now' | 'faults' | 'states'>): string {
  const figures = [
    widthOf(now).toFixed(1),
    Math.round(now.requestsPerSecond),
    now.errorRatio === undefined ? '' : formatRatio(now.errorRatio),
  ];
  const marks = faults.map(({ type, isOn }) => `${type} ${isOn}`);
  const known = states.map((state) => `${state.kind} ${state.state} ${isOld(state)}`);
  return [now.health, ...figures, ...marks, ...known].join('|');
}

function isOld({ untilMs }: EdgeState): boolean {
  return nowMs.value - untilMs > OLD_MS;
}

/** All that the picture says about it, in a sentence. */
export function edgeWords({ link, now, faults, states }: Pick<EdgeProps, 'link' | 'now' | 'faults' | 'states'>): string {
  const { requestsPerSecond, errorRatio } = now;
  const pace = errorRatio === undefined ? 'nothing crosses it' : `${formatNumber(requestsPerSecond)} requests a second`;
  const errors = errorRatio === undefined || errorRatio === 0 ? [] : [`${formatRatio(errorRatio)} errors`];
  const done = faults.map(({ type, percentage }) => `fault ${type} on ${formatNumber(percentage)} %`);
  const known = states.map(({ kind, state }) => `${kind}: ${stateWord(state)}`);
  return `${link.from} to ${link.to}: ${[pace, ...errors, ...done, ...known].join(', ')}`;
}

export function Edge({ link, curve, now, faults, states, isSelected, isDense, isOnlyOne }: EdgeProps) {
  const on = faults.filter(({ isOn }) => isOn);
  const kind = on.map(({ type }) => faultKindOf(type)).toSorted((a, b) => SEVERITY[a] - SEVERITY[b])[0];
  const width = widthOf(now) * (isDense ? DENSE_SHARE : 1);
  const path = pathOf(curve);
  return (
    <>
      {isSelected && <path class="halo" d={path} stroke-width={width + 8} />}
      <path class="hit" d={path} />
      <path class={`line ${now.health} ${kind === undefined ? '' : 'faulty'} ${isDense ? 'dense' : ''}`} d={path} stroke-width={width} />
      <Arrow curve={curve} width={width} health={now.health} />
      {kind !== undefined && <FaultMark curve={curve} kind={kind} />}
      {states.map((state, i) => (
        <StateMark key={`${state.kind} ${state.state}`} curve={curve} state={state} place={i} />
      ))}
      {hasFigures({ link, now, isSelected, isDense, isOnlyOne }) && <Figures curve={curve} now={now} />}
    </>
  );
}

/** Between peers there is a tangle of links: only those that are not well say how they do. */
type FigureProps = Pick<EdgeProps, 'link' | 'now' | 'isSelected' | 'isDense' | 'isOnlyOne'>;
function hasFigures({ link, now, isSelected, isDense, isOnlyOne }: FigureProps): boolean {
  if (now.errorRatio === undefined || isOnlyOne) return false;
  const isCrowded = isDense || link.fromService === link.toService;
  return !isCrowded || isSelected || (now.health !== 'well' && !isDense);
}

const SEVERITY: Readonly<Record<FaultKind, number>> = { cut: 0, spoil: 1, slow: 2 };

function Arrow({ curve, width, health }: { curve: Curve; width: number; health: string }) {
  const { x, y } = curve[3];
  const size = 3.5 + width * 0.75;
  const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${directionAt(curve, 0.99).toFixed(1)})`;
  return <path class={`head ${health}`} transform={transform} d={`M0 0L${-size * 1.5} ${-size * 0.75}V${size * 0.75}Z`} />;
}

/** Two bars across for a cut, a clock for what is slow, a bolt for what is spoilt. */
function FaultMark({ curve, kind }: { curve: Curve; kind: FaultKind }) {
  const { x, y } = pointAt(curve, 0.5);
  const turn = kind === 'cut' ? ` rotate(${directionAt(curve, 0.5).toFixed(1)})` : '';
  return (
    <g class={`mark ${kind}`} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})${turn}`}>
      {kind === 'cut' && (
        <>
          <rect class="gap" x="-4" y="-8" width="8" height="16" />
          <path d="M-4 -9V9M4 -9V9" />
        </>
      )}
      {kind !== 'cut' && <circle r="9" />}
      {kind === 'slow' && <path d="M0 -5V0L3.5 2.5" />}
      {kind === 'spoil' && <path class="bolt" d="M1.5 -6L-4 1H-0.5L-1.5 6L4 -1H0.5Z" />}
    </g>
  );
}

function StateMark({ curve, state: given, place }: { curve: Curve; state: EdgeState; place: number }) {
  const { kind, state } = given;
  const { x, y } = pointAt(curve, kind === 'ejection' ? 0.78 : 0.22);
  const word = stateWord(state);
  const width = word.length * 6 + 12;
  return (
    <g
      class={`state ${kind} ${state} ${isOld(given) ? 'old' : ''}`}
      transform={`translate(${x.toFixed(1)} ${(y + place * 17).toFixed(1)})`}
    >
      <rect x={-width / 2} y="-8" width={width} height="16" rx="8" />
      <text text-anchor="middle" y="3.8">
        {word}
      </text>
    </g>
  );
}

function Figures({ curve, now: { requestsPerSecond, errorRatio = 0 } }: { curve: Curve; now: LinkNow }) {
  const { x, y } = pointAt(curve, 0.6);
  return (
    <text class="figures" x={x} y={y - 7} text-anchor="middle">
      {formatNumber(Math.round(requestsPerSecond))}/s
      {errorRatio > 0 && <tspan class="bad">{` ${formatRatio(errorRatio)} ✕`}</tspan>}
    </text>
  );
}
