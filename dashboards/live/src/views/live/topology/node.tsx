/** One instance in the picture, and how it is: its process, and what reaches it. */
import { LOAD } from '../../../../../../src/journal/observations.js';
import { formatNumber, formatRatio } from '../../../../../../src/reports/wording.js';
import type { InstanceNow } from '../../../state/instance-now.js';
import type { TopologyInstance } from '../../../state/topology.js';
import type { Box } from './routing.js';

export interface NodeProps {
  instance: TopologyInstance;
  box: Box;
  now: InstanceNow;
  isDense: boolean;
}

/** Average width of a character at the size of a name; longer names are cut, and whole in the tooltip. */
const CHARACTER_PX = 6.7;

export function nodeWords({ name }: TopologyInstance, { process, requestsPerSecond, errorRatio }: InstanceNow): string {
  const state = process === 'unknown' ? [] : [process];
  const pace =
    errorRatio === undefined ? [] : [`${formatNumber(requestsPerSecond)} requests a second arrive`, `${formatRatio(errorRatio)} errors`];
  return `${name}: ${[...state, ...pace].join(', ') || 'nothing is known of it'}`;
}

export function Node({ instance, box, now, isDense }: NodeProps) {
  const fits = Math.floor((box.width - 16) / CHARACTER_PX);
  const name = instance.name.length > fits ? `${instance.name.slice(0, fits - 1)}…` : instance.name;
  const isDown = now.process === 'paused' || now.process === 'gone' || now.process === 'starting';
  return (
    <>
      <rect class={`box ${now.health} ${isDown ? 'down' : ''}`} x={box.x} y={box.y} width={box.width} height={box.height} rx="6" />
      <rect class={`side ${now.health}`} x={box.x} y={box.y} width="4" height={box.height} rx="2" />
      <text class="name" x={box.x + 11} y={box.y + (isDense ? 14 : 17)}>
        {name}
      </text>
      {!isDense && (
        <text class="under" x={box.x + 11} y={box.y + 33}>
          {isDown ? now.process : underline(instance, now)}
        </text>
      )}
    </>
  );
}

function underline({ name, address }: TopologyInstance, { requestsPerSecond, errorRatio }: InstanceNow): string {
  if (errorRatio === undefined) return address ?? (name === LOAD ? 'generator' : 'idle');
  const pace = `${formatNumber(Math.round(requestsPerSecond * 10) / 10)}/s`;
  return errorRatio === 0 ? pace : `${pace} · ${formatRatio(errorRatio)} ✕`;
}
