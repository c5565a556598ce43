/** Who takes part, as the programs of the sample are told: names in the environment, and of those the first so many. */
import { type Address, readMembers, readNames } from '../environment.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `--of` and `--depth` may be: with more the words of one round would be too many. */
export const COUNCIL_BOUNDS = { min: 0, max: 16 } as const;

export interface Muster {
  /** In their order; the first commands. */
  readonly generals: readonly string[];
  readonly addressOf: (general: string) => Address | undefined;
}

/** GENERALS, and the addresses in `variable` of all of them but `me`, in the same order. Throws USAGE unless there are as many. */
export function readMuster(env: Environment, { variable, of, me }: { variable: string; of: number; me?: string }): Muster {
  const byName = readMembers(env, { names: 'GENERALS', addresses: variable, ...(me !== undefined && { without: me }) });
  return { generals: readNames(env, 'GENERALS').slice(0, of), addressOf: (general) => byName.get(general) };
}
