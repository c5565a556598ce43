/** How far apart hosts began a fault that all were to begin at one instant, by their clocks put on ours. */
import type { Roster } from './roster.js';

/** For the journal; undefined where fewer than two have begun. */
export function startSkew(fault: string, roster: Pick<Roster, 'statesOf' | 'offsetOf'>): string | undefined {
  const begun = roster.statesOf(fault).flatMap(({ member, state }) => {
    const { offsetMs, boundMs } = roster.offsetOf(member.name) ?? { offsetMs: 0, boundMs: 0 };
    const beganMs = state.state === 'on' ? state.atMs : state.state === 'ended' ? state.beganMs : undefined;
    return beganMs === undefined ? [] : [{ atMs: beganMs + offsetMs, boundMs }];
  });
  if (begun.length < 2) return undefined;
  const skewMs = Math.max(...begun.map(({ atMs }) => atMs)) - Math.min(...begun.map(({ atMs }) => atMs));
  const boundMs = Math.max(...begun.map(({ boundMs: bound }) => bound));
  return `${fault} began on ${begun.length} hosts within ${skewMs.toFixed(1)} ms, by clocks that are known to ${boundMs.toFixed(1)} ms`;
}
