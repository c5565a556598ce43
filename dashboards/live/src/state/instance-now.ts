/** How an instance does now: what its process is in, as the run tells, and what reaches it over its links. */
import type { LiveEvent } from '../../../../src/control/live/contract.js';
import type { RecordedPlan } from '../../../../src/journal/events.js';
import { isFaultEnd } from '../../../../src/journal/observations.js';
import { BAD_RATIO, type Health, HURT_RATIO, type LinkNow } from './link-now.js';
import type { TopologyLink } from './topology.js';

/** `unknown`: nobody tells, as on a plain `serve`. */
export type ProcessState = 'starting' | 'ready' | 'paused' | 'gone' | 'unknown';

export interface InstanceNow {
  process: ProcessState;
  health: Health;
  /** Of what arrives, over all links to it. */
  requestsPerSecond: number;
  errorRatio: number | undefined;
}

/** Whether a process fault stops its victim for as long as it is on. */
const STOPS: ReadonlySet<string> = new Set(['pause']);

/** By instance, folded over the events of the run. Those that nothing was told of are left out. */
export function processStates(plan: RecordedPlan | null, events: readonly LiveEvent[]): ReadonlyMap<string, ProcessState> {
  const states = new Map<string, ProcessState>();
  for (const event of events) {
    for (const [instance, state] of changesOf(plan, event)) {
      // Who has died meanwhile does not come back by being let go.
      if (state !== 'ready' || event.type === 'serviceReady' || states.get(instance) !== 'gone') states.set(instance, state);
    }
  }
  return states;
}

function changesOf(plan: RecordedPlan | null, event: LiveEvent): readonly (readonly [string, ProcessState])[] {
  switch (event.type) {
    case 'serviceStarted':
      return [[event.instance, 'starting']];
    case 'serviceReady':
      return [[event.instance, 'ready']];
    case 'serviceExited':
      return [[event.instance, 'gone']];
    case 'faultApplied':
      return stoppedBy(plan, event.step).map((instance) => [instance, 'paused']);
    case 'faultEnded':
      return stoppedBy(plan, event.step).map((instance) => [instance, 'ready']);
    case 'handFault':
      return stoppedByHand(event);
    default:
      return [];
  }
}

function stoppedByHand({
  performs,
  processes = [],
  change,
}: Extract<LiveEvent, { type: 'handFault' }>): readonly (readonly [string, ProcessState])[] {
  if (!STOPS.has(performs) || (change !== 'applied' && !isFaultEnd(change))) return [];
  return processes.map((instance) => [instance, change === 'applied' ? 'paused' : 'ready']);
}

function stoppedBy(plan: RecordedPlan | null, step: string): readonly string[] {
  const fault = plan?.steps.find(({ name }) => name === step)?.fault;
  return fault !== undefined && STOPS.has(fault.performs) ? (fault.processes ?? []) : [];
}

/** Sums up the links that lead to it. */
export function instanceNow(
  name: string,
  process: ProcessState | undefined,
  arriving: readonly (readonly [TopologyLink, LinkNow])[],
): InstanceNow {
  const mine = arriving.filter(([link]) => link.to === name).map(([, now]) => now);
  const requestsPerSecond = mine.reduce((sum, now) => sum + now.requestsPerSecond, 0);
  const errors = mine.reduce((sum, now) => sum + now.requestsPerSecond * (now.errorRatio ?? 0), 0);
  const errorRatio = requestsPerSecond === 0 ? undefined : errors / requestsPerSecond;
  return { process: process ?? 'unknown', health: healthOf(errorRatio, mine), requestsPerSecond, errorRatio };
}

function healthOf(errorRatio: number | undefined, links: readonly LinkNow[]): Health {
  if (errorRatio === undefined) return links.some(({ health }) => health !== 'idle') ? 'well' : 'idle';
  if (errorRatio >= BAD_RATIO) return 'bad';
  return errorRatio >= HURT_RATIO ? 'hurt' : 'well';
}
