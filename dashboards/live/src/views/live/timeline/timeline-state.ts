/** What the timeline shows, and the time under the cursor: shared by its charts, its lanes and their keys. */
import { computed, signal } from '@preact/signals';
import { nowMs, run } from '../../../state/live.js';
import { secondsUntil } from './chart-data.js';
import { firstSpanMs, stretchOf, type TimeRange } from './time-range.js';

/** Null as long as nobody chose. */
const chosen = signal<TimeRange | null>(null);

export const timeRange = computed(
  (): TimeRange => chosen.value ?? { kind: 'follow', spanMs: firstSpanMs(nowMs.value, run.value?.started.atMs) },
);

export function chooseRange(range: TimeRange): void {
  chosen.value = range;
}

export const stretch = computed(() => stretchOf(timeRange.value, nowMs.value));

/** On the daemon's clock; undefined while the cursor is elsewhere. */
export const cursorSecond = signal<number | undefined>(undefined);

/** The seconds that the charts have values for, made once for all of them. */
export const seconds = computed(() => secondsUntil(nowMs.value));
