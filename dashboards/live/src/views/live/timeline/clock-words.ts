/** How the timeline says an instant: as time since the run began, as the reports do; on a daemon without a run, as time of day. */
import { formatInstant } from '../../../../../../src/reports/wording.js';
import { formatClock } from '../../../parts/figures.js';
import { model, run } from '../../../state/live.js';

export function formatSecond(second: number): string {
  const started = run.value?.started.atMs;
  if (started === undefined) return formatClock(second * 1_000 + (model.value?.wallOffsetMs ?? 0));
  const atMs = second * 1_000;
  return atMs < started ? `−${plain(started, atMs)}` : plain(atMs, started);
}

function plain(atMs: number, startMs: number): string {
  return formatInstant(atMs, startMs).replace(/\.0$/, '');
}
