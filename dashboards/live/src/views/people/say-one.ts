/** What somebody said into a run, in one line behind their name. */
import type { Said } from '../../../../../src/reports/retro.js';

export function sayOne(one: Said): string {
  if (one.kind !== 'gate') return one.text;
  const decided = one.decision === 'timedOut' ? 'let the time run out at' : one.decision;
  return `${decided} ${one.gate}${one.question === '' ? '' : `: ${one.question}`}`;
}
