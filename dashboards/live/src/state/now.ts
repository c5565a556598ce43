/** The figures of this second, made once for all who show them. */
import { computed } from '@preact/signals';
import type { LiveFault } from '../../../../src/control/live/contract.js';
import { bandsOf } from './bands.js';
import { edgeStates } from './edge-states.js';
import { type InstanceNow, instanceNow, processStates } from './instance-now.js';
import { type LinkNow, linkNow } from './link-now.js';
import { events, faultsOn, faultWindows, model, nowMs, plan, run, topology } from './live.js';

/** By link. */
export const linksNow = computed((): ReadonlyMap<string, LinkNow> => {
  const at = nowMs.value;
  const histories = model.value?.histories;
  return new Map(topology.value.links.map(({ name }) => [name, linkNow(histories?.get(name), at)]));
});

const processes = computed(() => processStates(plan.value, events.value));

/** By instance. */
export const instancesNow = computed((): ReadonlyMap<string, InstanceNow> => {
  const now = linksNow.value;
  const arriving = new Map<string, [(typeof topology.value.links)[number], LinkNow][]>();
  for (const link of topology.value.links) {
    const figures = now.get(link.name);
    if (figures !== undefined) arriving.set(link.to, [...(arriving.get(link.to) ?? []), [link, figures]]);
  }
  return new Map(
    [...topology.value.instances.keys()].map((name) => [name, instanceNow(name, processes.value.get(name), arriving.get(name) ?? [])]),
  );
});

/** Faults on each link, by link; links without any are left out. */
export const faultsByLink = computed((): ReadonlyMap<string, readonly LiveFault[]> => {
  const byLink = new Map<string, LiveFault[]>();
  for (const fault of faultsOn.value) for (const proxy of fault.proxies) byLink.set(proxy, [...(byLink.get(proxy) ?? []), fault]);
  return byLink;
});

const lanes = computed(() => run.value?.verdicts?.lanes ?? []);

/** Breakers and ejections that are not calm, by link. */
export const statesByLink = computed(() => edgeStates(lanes.value, topology.value.links));

/** Faults over time. */
export const bands = computed(() => bandsOf(plan.value, events.value, faultWindows.value));
