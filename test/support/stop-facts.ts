/** What a run knows at an instant at which nothing is wrong, but for what a test says. */
import { WELL } from '../../src/journal/probe-streak.js';
import type { StopFacts } from '../../src/orchestrator/stop-conditions/stop-condition.js';

export function stopFacts(given: Partial<StopFacts> = {}): StopFacts {
  return { nowMs: 10_000, harmed: 0, baselinePerSecond: 100, streak: () => WELL, recent: () => [], ...given };
}
