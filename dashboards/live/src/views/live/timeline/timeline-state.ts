/** What the timeline shows, and the time under the cursor: shared by its charts, its lanes and their keys. */
import { computed, signal } from '@preact/signals';
import { nowMs } from '../../../state/live.js';
import { secondsUntil } from './chart-data.js';
import { stretchOf, type TimeRange } from './time-range.js';

const SPAN_MS = 300_000;

export const timeRange = signal<TimeRange>({ kind: 'follow', spanMs: SPAN_MS });

export const stretch = computed(() => stretchOf(timeRange.value, nowMs.value));

/** On the daemon's clock; undefined while the cursor is elsewhere. */
export const cursorSecond = signal<number | undefined>(undefined);

/** The seconds that the charts have values for, made once for all of them. */
export const seconds = computed(() => secondsUntil(nowMs.value));
