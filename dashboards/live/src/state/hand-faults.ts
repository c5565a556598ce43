/** Faults that people put on by hand and that are on now: those on links as the daemon tells of them, those on processes as the run does. */
import type { LiveEvent, LiveFault } from '../../../../src/control/live/contract.js';

export interface HandFault {
  id: string;
  by: string;
  type: string;
  /** Links, or instances. */
  on: readonly string[];
  isOnProcesses: boolean;
  /** 0…100 */
  percentage: number;
  /** Requests or connections that met it, and those that it did something to; undefined for processes. */
  matched?: number;
  applied?: number;
}

export function handFaultsOf(faults: readonly LiveFault[], events: readonly LiveEvent[]): readonly HandFault[] {
  const onLinks = faults.flatMap(({ id, by, type, proxies: on, percentage, matched, applied }): HandFault[] =>
    by === undefined ? [] : [{ id, by, type, on, isOnProcesses: false, percentage, matched, applied }],
  );
  return [...onLinks, ...onProcesses(events)];
}

function onProcesses(events: readonly LiveEvent[]): readonly HandFault[] {
  const on = new Map<string, HandFault>();
  for (const event of events) {
    if (event.type === 'runEnded') on.clear();
    if (event.type !== 'handFault' || event.processes === undefined) continue;
    const { fault: id, by, performs: type, processes, change } = event;
    if (change === 'applied') on.set(id, { id, by, type, on: processes, isOnProcesses: true, percentage: 100 });
    else if (change !== 'changed' && change !== 'turned' && change !== 'intended') on.delete(id);
  }
  return [...on.values()];
}

/** Why the run refused the newest of these faults that it refused; undefined where it refused none. */
export function refusalOf(events: readonly LiveEvent[], ids: ReadonlySet<string>): string | undefined {
  const refused = events.findLast((event) => event.type === 'handFault' && event.change === 'refused' && ids.has(event.fault));
  return refused?.type === 'handFault' ? refused.reason : undefined;
}
