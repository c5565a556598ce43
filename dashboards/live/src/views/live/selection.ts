/**
 * What a person looks at: a link or an instance, kept in the address, so that it can be sent to somebody and the browser's back button leaves it;
 * and the links in the charts.
 */
import { computed, signal } from '@preact/signals';
import { LOAD } from '../../../../../src/journal/observations.js';
import { route, routeTo } from '../../shell/route.js';
import { topology } from '../../state/live.js';
import type { Topology } from '../../state/topology.js';

export type Selection = { kind: 'none' } | { kind: 'link'; name: string } | { kind: 'instance'; name: string };

/** A name in the address that the topology does not know selects nothing. */
export const selection = computed((): Selection => {
  const [link, instance] = [route.value.options.get('link'), route.value.options.get('instance')];
  if (link !== null && topology.value.links.some(({ name }) => name === link)) return { kind: 'link', name: link };
  if (instance !== null && topology.value.instances.has(instance)) return { kind: 'instance', name: instance };
  return { kind: 'none' };
});

/** The charts go with it, whatever was chosen for them before. */
export function select(selected: Selection): void {
  chosen.value = null;
  const options = selected.kind === 'none' ? {} : { [selected.kind]: selected.name };
  location.hash = routeTo('live', [], options).slice(1);
}

/** As many as can be told apart in a chart. */
export const SHOWN_MAX = 6;

/** Chosen for the charts; null as long as nobody chose. */
const chosen = signal<readonly string[] | null>(null);

/** Links in the charts: those chosen, else the one that is selected, else the front door. */
export const shownLinks = computed((): readonly string[] => {
  const known = new Set(topology.value.links.map(({ name }) => name));
  const picked = chosen.value?.filter((name) => known.has(name)) ?? [];
  if (picked.length > 0) return picked;
  return selection.value.kind === 'link' ? [selection.value.name] : frontDoor(topology.value);
});

function frontDoor({ links }: Topology): readonly string[] {
  const load = links.filter(({ from }) => from === LOAD);
  return (load.length > 0 ? load : links).slice(0, load.length > 0 ? SHOWN_MAX : 1).map(({ name }) => name);
}

/** Adds it to the charts, or takes it out; the one that is there longest makes room. */
export function toggleShown(link: string): void {
  const current = shownLinks.value;
  chosen.value = current.includes(link) ? current.filter((name) => name !== link) : [...current, link].slice(-SHOWN_MAX);
}
