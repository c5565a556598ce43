/**
 * Somebody at the terminal from which the run was started, as the run sees them. What a reader would get wrong: nobody checks who it really is,
 * there as little as in `faultlab approve`.
 */

export interface Gate {
  name: string;
  /** Empty: the name says it all. */
  question: string;
  /** Who may answer; anybody if empty. */
  by: readonly string[];
}

export interface GateAnswer {
  decision: 'approved' | 'refused';
  by: string;
}

export interface Person {
  /** The answer to a gate. Once the signal has aborted nobody waits any more, and it may stay open for ever. */
  decide(gate: Gate, signal: AbortSignal): Promise<GateAnswer>;
}
