/** The command that does the same again: of a run with its file, seed and inputs, of a log with the file alone. */
import type { RecordedPlan } from '../journal/events.js';

export function replayCommand({ file, seed, inputs, log }: RecordedPlan): string {
  if (log !== undefined) return `faultlab verify ${/\.har$/i.test(file) ? '--har' : '--access-log'} ${quoted(file)}`;
  const variables = Object.entries(inputs).map(([name, value]) => `--var ${quoted(`${name}=${value}`)}`);
  return ['faultlab run', quoted(file || 'FILE'), `--seed ${seed}`, ...variables].join(' ');
}

/** As a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
