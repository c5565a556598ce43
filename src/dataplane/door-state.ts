/** What the faults on a proxy make of its port: only one that hits every newcomer, whoever it is, can turn them away before they are seen. */
import type { DoorState } from './door.js';
import type { ActiveFault } from './faults/active-fault.js';

/** The first fault that says so decides. Pulses and ramps change it as they turn. */
export function doorStateOf(faults: readonly ActiveFault[]): DoorState {
  for (const fault of faults) {
    if (!hitsEveryNewcomer(fault)) continue;
    for (const { definition, params } of fault.parts) {
      const state = definition.door?.(params);
      if (state !== undefined) return state;
    }
  }
  return 'open';
}

function hitsEveryNewcomer({ spec, percentage, isOn }: ActiveFault): boolean {
  const { connections, source, first, nth, every, maxActive } = spec;
  const isUncounted = [first, nth, every, maxActive].every((place) => place === undefined);
  return isOn && percentage >= 100 && connections !== 'existing' && source === undefined && isUncounted;
}
