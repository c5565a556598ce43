/** Whether the clock of a process can be set while it runs. Pure. It has to have been started for that, and a run starts only those so of which its plan asks it. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';

/** Undefined: it can be. */
export function whyNoClock(plan: RecordedPlan | null, instance: string): string | undefined {
  const isSteered = plan?.steps.some(({ fault }) => fault?.type === 'clockSkew' && fault.instances.includes(instance)) === true;
  return isSteered
    ? undefined
    : 'it was started with a clock that cannot be set: only what the plan has a clockSkew fault for gets one that can';
}
