/** The hosts of a fleet, where the run that is shown has any. */
import { computed } from '@preact/signals';
import { run } from './live.js';

/** Null where the daemon itself carries the links. */
export const fleet = computed(() => run.value?.fleet ?? null);

/** Instance → the host that it is on. */
export const hostOf = computed(
  (): ReadonlyMap<string, string> =>
    new Map((fleet.value?.agents ?? []).flatMap(({ name, member }) => (member?.instances ?? []).map((instance) => [instance, name]))),
);
