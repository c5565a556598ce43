/** By what the picture puts instances into frames: by service, or by the host of the fleet that they are on. */
import { computed, signal } from '@preact/signals';
import { fleet, hostOf } from '../../../state/fleet.js';
import { topology } from '../../../state/live.js';
import type { Topology } from '../../../state/topology.js';
import { byHost } from './by-host.js';

export type Grouping = 'host' | 'service';

/** What somebody chose; it means nothing where there are no hosts. */
export const grouping = signal<Grouping>('host');

/** Who is where, as one text: the hosts are told anew every second, and mostly nobody has moved. */
const places = computed(() => (fleet.value === null || grouping.value === 'service' ? '' : JSON.stringify([...hostOf.value])));

/** The same object for as long as nothing of it changed. */
export const inFrames = computed((): Topology => {
  const told = places.value;
  return told === '' ? topology.value : byHost(topology.value, new Map(JSON.parse(told) as [string, string][]));
});
