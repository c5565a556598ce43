/**
 * Outlier ejection by errors in a row: the state of one host and how it changes. Pure; time comes in as `nowMs`. An error rate of 40 % ejects
 * too, only later: a run of three errors takes about 24 requests to come by.
 */

export interface EjectionPolicy {
  /** So many errors without a success between them eject the host. */
  readonly errorsInARow: number;
  /** The n-th ejection in a row lasts n times this… */
  readonly baseMs: number;
  /** …and never longer than this. */
  readonly maxMs: number;
  /** An ejection that comes within this time of a return counts as one in a row with the ejection before it. */
  readonly relapseMs: number;
  /** Share of the hosts that may be out at the same time; an ejection beyond it does not happen. */
  readonly outRatioMax: number;
}

export const defaultEjectionPolicy: EjectionPolicy = {
  errorsInARow: 3,
  baseMs: 3_000,
  maxMs: 10_000,
  relapseMs: 10_000,
  outRatioMax: 0.5,
};

export type HostState =
  | { readonly kind: 'in'; readonly errorsInARow: number; readonly ejectionsInARow: number; readonly sinceMs: number }
  | { readonly kind: 'out'; readonly ejectionsInARow: number; readonly sinceMs: number; readonly untilMs: number };

/** A host that nobody has called yet. */
export const newHost: HostState = { kind: 'in', errorsInARow: 0, ejectionsInARow: 0, sinceMs: Number.NEGATIVE_INFINITY };

/** Lets a host back in when it has served its time. It returns with a clean count and its full share of the load. */
export function readmit(state: HostState, nowMs: number): HostState {
  if (state.kind === 'in' || nowMs < state.untilMs) return state;
  return { kind: 'in', errorsInARow: 0, ejectionsInARow: state.ejectionsInARow, sinceMs: state.untilMs };
}

/** One result of a host. Answers that arrive while it is out change nothing: they were sent before the decision. */
export function observe(
  state: HostState,
  { failed, mayEject, nowMs }: { failed: boolean; mayEject: boolean; nowMs: number },
  policy: EjectionPolicy,
): HostState {
  if (state.kind === 'out') return state;
  if (!failed) return state.errorsInARow === 0 ? state : { ...state, errorsInARow: 0 };
  const errorsInARow = state.errorsInARow + 1;
  if (errorsInARow < policy.errorsInARow) return { ...state, errorsInARow };
  // A refused ejection starts the count again, so that one bad host does not ask for its ejection on every request.
  return mayEject ? eject(state, nowMs, policy) : { ...state, errorsInARow: 0 };
}

function eject(state: HostState, nowMs: number, policy: EjectionPolicy): HostState {
  const relapse = nowMs - state.sinceMs < policy.relapseMs;
  const ejectionsInARow = relapse ? state.ejectionsInARow + 1 : 1;
  return { kind: 'out', ejectionsInARow, sinceMs: nowMs, untilMs: nowMs + Math.min(policy.baseMs * ejectionsInARow, policy.maxMs) };
}
