/** Switches of the sample programs: every defence can be turned off, so that each check has a known-bad subject. All are on unless told otherwise. */
import { parseArgs } from 'node:util';
import { LabError, reasonOf } from '../core/errors.js';

/** `--NAME on|off` for each of the names. Throws USAGE on anything else. */
export function readSwitches<N extends string>(args: readonly string[], names: readonly N[]): Readonly<Record<N, boolean>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string', default: 'on' } as const]));
  const flags = readFlags(args, options);
  return Object.fromEntries(names.map((name) => [name, readSwitch(name, String(flags[name]))])) as Record<N, boolean>;
}

/** Throws USAGE unless it is `on` or `off`. */
export function readSwitch(name: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new LabError('USAGE', { problem: `expected --${name} on or off, found "${text}"` });
}

/** A whole number, from 1 to 999999 unless told otherwise. Throws USAGE on anything else. */
export function readCount(name: string, text: string, { min = 1, max = 999_999 } = {}): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min && count <= max) return count;
  throw new LabError('USAGE', { problem: `expected --${name} to be a whole number from ${min} to ${max}, found "${text}"` });
}

type Options = Readonly<Record<string, { type: 'string'; default: string }>>;

/** The text behind each flag. Throws USAGE on an unknown one. */
export function readFlags<O extends Options>(args: readonly string[], options: O): { [key in keyof O]: string } {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as unknown as { [key in keyof O]: string };
  } catch (error) {
    throw new LabError('USAGE', { problem: reasonOf(error) }, { cause: error });
  }
}
