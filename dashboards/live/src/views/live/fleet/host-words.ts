/** What is said of a host of the fleet. Pure. */
import type { LiveAgent, LiveMember } from '../../../../../../src/control/live/contract.js';
import { formatMs } from '../../../../../../src/core/units.js';

export type HostState = 'lost' | 'draining' | 'ready' | 'held' | 'free';

export function hostState({ member, isDraining, heldBy }: LiveAgent): HostState {
  if (member?.lost != null) return 'lost';
  if (isDraining) return 'draining';
  if (member !== null) return 'ready';
  return heldBy === null ? 'free' : 'held';
}

/** What the word alone does not say. */
export function stateNote({ member, heldBy }: LiveAgent, nowMs: number): string {
  if (member?.lost != null) return `since ${ageOf(member.lost.atMs, nowMs)}: ${member.lost.reason}`;
  return member === null && heldBy !== null ? `by run ${heldBy}` : '';
}

export function clockWords({ clock }: LiveMember): string {
  if (clock === null) return 'not known yet';
  if (clock.offsetMs === 0 && clock.boundMs === 0) return 'as ours';
  const sign = clock.offsetMs < 0 ? '−' : '+';
  return `${sign}${formatMs(Math.abs(clock.offsetMs))} ± ${formatMs(clock.boundMs)}`;
}

export function ordersWords({ ordered, applied }: LiveMember): string {
  return ordered === applied ? `${applied}, all done` : `${applied} of ${ordered} done`;
}

export function observationsWords({ observations: { taken, lost, heardMs, behindMs } }: LiveMember, nowMs: number): string {
  if (heardMs === null) return 'none yet';
  const late = behindMs >= 2_000 ? [`${formatMs(Math.round(behindMs / 100) * 100)} behind`] : [];
  const gone = lost > 0 ? [`${lost} lost`] : [];
  return [`${taken} shipped`, ...late, ...gone, `last ${ageOf(heardMs, nowMs)} ago`].join(', ');
}

export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** In whole seconds. */
function ageOf(atMs: number, nowMs: number): string {
  return formatMs(Math.max(0, Math.round((nowMs - atMs) / 1_000)) * 1_000);
}
