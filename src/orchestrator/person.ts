/**
 * Somebody at the terminal from which the run was started, as the run sees them. What a reader would get wrong: nobody checks who it really is,
 * there as little as in `faultlab approve`.
 */
import type { GateInputs } from '../journal/observations.js';

/** An input that an answer may set, and what it may be set to. */
export interface GateSwitch {
  input: string;
  values: readonly string[];
}

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
  /** What the system is to be begun again with, where the gate has switches. */
  inputs?: GateInputs;
}

export interface Person {
  /** The answer to a gate. Once the signal has aborted nobody waits any more, and it may stay open for ever. */
  decide(gate: Gate, signal: AbortSignal): Promise<GateAnswer>;
}
