/**
 * What every view reads: the model of the daemon as a signal, slices of it that change only when they changed, and how the connection stands.
 * Written by `wire/live-feed.ts` by way of `main.tsx`, and by nobody else.
 */
import { computed, signal } from '@preact/signals';
import type { Model } from './model.js';
import { type Topology, topologyOf } from './topology.js';

/** Null before the first snapshot. */
export const model = signal<Model | null>(null);

export const run = computed(() => model.value?.run ?? null);
/** As recorded by the run; null on a plain `serve`. */
export const plan = computed(() => run.value?.started.plan ?? null);
export const events = computed(() => model.value?.events ?? []);
export const faultWindows = computed(() => model.value?.faultWindows ?? []);
export const daemonState = computed(() => model.value?.state ?? null);
export const halted = computed(() => model.value?.state.halted ?? null);
export const gates = computed(() => model.value?.state.gates ?? []);
/** Counts come with them, so that this changes every second while a fault is on. */
export const faultsOn = computed(() => model.value?.state.faults ?? []);
export const nowMs = computed(() => model.value?.nowMs ?? 0);
const proxies = computed(() => model.value?.state.proxies ?? []);

let drawn: Topology | undefined;

/** Who calls whom. The same object for as long as nothing of it changed: laying it out anew would move what a person looks at. */
export const topology = computed((): Topology => {
  const next = topologyOf(plan.value, proxies.value);
  if (drawn === undefined || drawn.key !== next.key) drawn = next;
  return drawn;
});

/** How the connection to the daemon stands. Instants since 1970. */
export type FeedStatus =
  | { kind: 'connecting' }
  | { kind: 'live'; heardMs: number }
  /** Nothing was heard since `sinceMs`; the next try is at `retryMs`, or under way if that has passed. */
  | { kind: 'stale'; sinceMs: number; retryMs: number; reason: string }
  /** The daemon wants a token; it is tried again when there is one. */
  | { kind: 'tokenNeeded' };

export const feedStatus = signal<FeedStatus>({ kind: 'connecting' });
