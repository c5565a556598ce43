/** Decides whether a run must stop. Pure: what the probes did and how many requests were harmed go in, the reason to stop comes out. */
import { formatMs } from '../core/units.js';
import type { PlannedStopCondition } from '../experiment/plan.js';
import type { Streak } from './probe-runner.js';

export interface StopFacts {
  nowMs: number;
  harmed: number;
  streak(probe: string): Streak;
}

export interface Tripped {
  condition: string;
  detail: string;
}

/** The first condition that holds, or undefined. */
export function trippedCondition(conditions: readonly PlannedStopCondition[], facts: StopFacts): Tripped | undefined {
  for (const condition of conditions) {
    if (condition.kind === 'harmed' && facts.harmed > condition.max) {
      return {
        condition: `harmed > ${condition.max}`,
        detail: `${facts.harmed} front-door requests were not answered since the first fault`,
      };
    }
    if (condition.kind === 'probe') {
      const { failingSinceMs, failures } = facts.streak(condition.probe);
      if (failingSinceMs !== undefined && facts.nowMs - failingSinceMs >= condition.forMs) {
        const detail = `not met ${failures} times in a row, for ${formatMs(facts.nowMs - failingSinceMs)}`;
        return { condition: `${condition.probe} not met for ${formatMs(condition.forMs)}`, detail };
      }
    }
  }
  return undefined;
}
