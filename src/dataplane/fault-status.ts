/** A fault that is on, as the control API tells of it. */
import type { ActiveFault } from './faults/active-fault.js';
import type { FaultCounts } from './faults/choice.js';

export interface FaultStatus extends FaultCounts {
  id: string;
  run: string;
  type: string;
  proxies: readonly string[];
  /** False while its pulse has it off. */
  isOn: boolean;
  /** The share that it hits now. */
  percentage: number;
  /** Messages that it holds until somebody releases them. */
  held: number;
  /** Who put it on by hand; left out of a plan's own. */
  by?: string;
  /** And beside which run. */
  beside?: string;
  /** Null: it lives until it is removed. */
  endsInMs: number | null;
}

export function faultStatusOf(fault: ActiveFault, endsInMs: number): FaultStatus {
  return {
    id: fault.id,
    run: fault.run,
    type: fault.spec.type,
    proxies: fault.spec.proxies,
    isOn: fault.isOn,
    percentage: fault.percentage,
    held: fault.heldCount,
    ...(fault.hand !== undefined && { by: fault.hand.by }),
    ...(fault.hand?.beside != null && { beside: fault.hand.beside }),
    endsInMs: Number.isFinite(endsInMs) ? Math.max(0, endsInMs) : null,
    ...fault.counts,
  };
}
