/**
 * What a request that meets a fault is sure to live through, for reckonings before a run. What a reader gets wrong: a fault that says nothing of it
 * is not harmless, its harm only depends on more than its parameters.
 */
export type Harm =
  /** At once, by any reading: a server error, or the end of its connection. `isUnheard`: on its way to the callee, which never has it. */
  | { kind: 'fails'; isUnheard?: true }
  /** The answer comes so much later; Infinity is not before the fault ends. */
  | { kind: 'waits'; forMs: number };
