/** A fault as it travels: quantities with their unit, as in YAML, because that is how every reader of it checks them. */
import type { FaultSpec, FaultSpecInput } from '../../dataplane/faults/spec.js';

export function faultInput(spec: FaultSpec): FaultSpecInput {
  const { lease: leaseMs, duration: durationMs, pulse, ramp, ...rest } = spec;
  return {
    ...rest,
    lease: `${leaseMs}ms`,
    ...(durationMs !== undefined && { duration: `${durationMs}ms` }),
    ...(pulse && { pulse: { active: `${pulse.active}ms`, dormant: `${pulse.dormant}ms` } }),
    ...(ramp && { ramp: { ...ramp, every: `${ramp.every}ms` } }),
  };
}
