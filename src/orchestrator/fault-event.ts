/** What a data plane tells of a fault → the journal's event. Counts that nobody knows are written as unknown, never as nought. */
import type { NewEvent } from '../journal/events.js';
import { type FaultChange, isFaultEnd } from '../journal/observations.js';

/** `isSeen` false: the data plane does not tell what crosses the links. */
export function faultEventOf(observation: FaultChange, { step, isSeen }: { step: string; isSeen: boolean }): NewEvent {
  const { fault, change, atMs, isOn, percentage, untold } = observation;
  const level = { ...(isOn !== undefined && { isOn }), ...(percentage !== undefined && { percentage }) };
  if (change === 'applied') return { type: 'faultApplied', fault, step, atMs, ...level };
  if (!isFaultEnd(change)) return { type: 'faultTurned', fault, step, atMs, change, ...level, ...(untold !== undefined && { untold }) };
  // What is on processes the run has counted itself.
  if (!isSeen && observation.counted !== 'processes')
    return { type: 'faultEnded', fault, step, atMs, reason: change, matched: null, applied: null, skipped: null };
  const { matched, appliedCount: applied, skipped, overflow = 0, unread = 0, counted } = observation;
  const rare = { ...(counted !== undefined && { counted }), ...(overflow > 0 && { overflow }), ...(unread > 0 && { unread }) };
  return { type: 'faultEnded', fault, step, atMs, reason: change, matched, applied, skipped, ...rare };
}
