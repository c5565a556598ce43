/** A breaker's state over time as a picture shows it, put together from its episodes. */
import type { StateLane } from '../state-lane.js';
import type { BreakerScene } from './breaker-rules.js';

/** The state over time. Half-open lasts from a trial's start to its answer. */
export function breakerLanes({ episodes, demands, subject }: BreakerScene): StateLane[] {
  const segments: { state: string; fromMs: number; toMs: number }[] = [];
  const endMs = demands.at(-1)?.startMs ?? 0;
  let atMs = demands.at(0)?.startMs ?? 0;
  const add = (state: string, toMs: number): void => {
    if (toMs > atMs) segments.push({ state, fromMs: atMs, toMs });
    atMs = Math.max(atMs, toMs);
  };
  for (const episode of episodes) {
    add('closed', episode.opened[1]);
    const state = episode.isPartial ? 'partial' : 'open';
    for (const trial of episode.trials) {
      add(state, trial.startMs);
      add('halfOpen', trial.answeredMs);
    }
    if (episode.closed === undefined) add(state, endMs);
    else if (episode.trials.length === 0) add(state, episode.closed[1]);
  }
  add('closed', endMs);
  return [{ subject, kind: 'breaker', segments }];
}
