/** How far an act of a game day has come, by the steps that it is made of. Pure. */
import type { LiveEvent } from '../../../../../src/control/live/contract.js';

export interface Act {
  name: string;
  title: string;
  steps?: readonly string[];
}

export type ActState = 'waiting' | 'goesOn' | 'over' | 'stopped';

/** An act goes on from the start of its first step to the end of its last, also while nothing of it happens in between. */
export function stateOfAct({ steps = [] }: Act, events: readonly LiveEvent[]): ActState {
  const begun = new Set<string>();
  const over = new Set<string>();
  let isStopped = false;
  for (const event of events) {
    if (event.type === 'stepStarted' && steps.includes(event.step)) begun.add(event.step);
    if (event.type !== 'stepEnded' || !steps.includes(event.step)) continue;
    over.add(event.step);
    isStopped ||= event.outcome !== 'completed';
  }
  if (isStopped) return 'stopped';
  if (begun.size === 0 && over.size === 0) return 'waiting';
  return over.size === steps.length ? 'over' : 'goesOn';
}
