/** How the timeline says an instant: as time since the run began, as the reports do; on a daemon without a run, as time of day. */
import { computed } from '@preact/signals';
import { formatInstant } from '../../../../../../src/reports/wording.js';
import { formatClock } from '../../../parts/figures.js';
import { model, run } from '../../../state/live.js';

const wallOffsetMs = computed(() => model.value?.wallOffsetMs ?? 0);

/** Round times are counted from here: the beginning of the run, else a full minute by the reader's clock. */
export const originSecond = computed(() => (run.value?.started.atMs ?? -wallOffsetMs.value) / 1_000);

export function formatSecond(second: number): string {
  const startedMs = run.value?.started.atMs;
  if (startedMs === undefined) return formatClock(second * 1_000 + wallOffsetMs.value);
  const atMs = Math.round(second * 1_000);
  return atMs < startedMs ? `−${plain(startedMs, atMs)}` : plain(atMs, startedMs);
}

function plain(atMs: number, startMs: number): string {
  return formatInstant(atMs, startMs).replace(/\.0$/, '');
}
