/** Who takes part, as the programs of the sample are told: names in the environment, and of those the first so many. */
import { LabError } from '../../core/errors.js';
import { type Address, readAddresses, readText } from '../environment.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** With more the words of one round would be too many. */
const COUNT_MAX = 16;

export interface Muster {
  /** In their order; the first commands. */
  readonly generals: readonly string[];
  readonly addressOf: (general: string) => Address | undefined;
}

/** GENERALS, and the addresses in `variable` of all of them but `me`, in the same order. Throws USAGE unless there are as many. */
export function readMuster(env: Environment, { variable, of, me }: { variable: string; of: number; me?: string }): Muster {
  const names = readText(env, 'GENERALS')
    .split(',')
    .map((name) => name.trim());
  const others = names.filter((name) => name !== me);
  const addresses = readAddresses(env, variable);
  if (others.length !== addresses.length) {
    throw new LabError('USAGE', {
      problem: `expected an address in ${variable} for each of ${others.join(', ')}, found ${addresses.length}`,
    });
  }
  const byName = new Map(others.map((name, i) => [name, addresses[i]]));
  return { generals: names.slice(0, of), addressOf: (general) => byName.get(general) };
}

/** A whole number from 0 to 16. Throws USAGE. */
export function readCount(name: string, text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) <= COUNT_MAX) return Number(text);
  throw new LabError('USAGE', { problem: `expected --${name} to be a whole number from 0 to ${COUNT_MAX}, found "${text}"` });
}
