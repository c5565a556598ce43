/** What there is to say of a failure: its sentence, its hint, and what the command line and the API end with. */

/** Exit codes of the CLI, design §7. */
export const EXIT = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  steadyStateNotMet: 3,
  stopped: 4,
  dirty: 5,
  usage: 64,
  unavailable: 69,
  internal: 70,
} as const;

export interface Row {
  exit: number;
  status: number;
  message: (details: Details) => string;
  hint?: (details: Details) => string;
}

/** What a row's sentence may mention. Values are shown as they are; lists are joined. */
export type Details = Readonly<Record<string, string | number | readonly string[]>>;

/** A row of a table of failures. */
export const row = (exit: number, status: number, message: Row['message'], hint?: Row['hint']): Row => ({
  exit,
  status,
  message,
  ...(hint && { hint }),
});
