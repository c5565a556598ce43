/** One thing that a doctor has looked at, as a line for people. */
import picocolors from 'picocolors';
import { printable } from '../reports/printable.js';
import type { CliContext } from './command.js';
import type { Examined } from './examinations.js';

const SIGNS: Readonly<Record<Examined['state'], string>> = { good: '✔', limited: '–', bad: '✘' };

export function sayExamined(context: CliContext, { name, state, found, advice }: Examined & { name: string }): void {
  const paint = picocolors.createColors(context.colour);
  const painted = { good: paint.green, limited: paint.yellow, bad: paint.red };
  context.say(`${painted[state](SIGNS[state])} ${name}: ${printable(found)}${advice === undefined ? '' : `\n    ${advice}`}`);
}
