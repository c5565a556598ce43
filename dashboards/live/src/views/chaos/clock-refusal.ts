/** Whether the clock of a process can be set while it runs. Pure. It has to have been started for that, and a run starts only those so of which its plan asks it. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';

/** Undefined: it can be. */
export function whyNoClock(plan: RecordedPlan | null, instance: string): string | undefined {
  return plan !== null && (isInMethod(plan, instance) || isPlayedWith(plan, instance))
    ? undefined
    : 'it was started with a clock that cannot be set: only what the plan has a clockSkew fault for gets one that can';
}

function isInMethod({ steps }: RecordedPlan, instance: string): boolean {
  return steps.some(({ fault }) => fault?.type === 'clockSkew' && fault.instances.includes(instance));
}

/** A click sets it, where people play with the system. */
function isPlayedWith({ play, services }: RecordedPlan, instance: string): boolean {
  const played = (play?.acts ?? []).filter(({ fault }) => fault.type === 'clockSkew');
  return played.some(({ service }) => services.some(({ name, instances }) => name === service && instances.includes(instance)));
}
