/** The command that does the same run again: same file, seed and inputs. */
import type { RecordedPlan } from '../journal/events.js';

export function replayCommand({ file, seed, inputs, log }: RecordedPlan): string {
  if (log !== undefined) return `faultlab verify, of ${quoted(file)}`;
  const variables = Object.entries(inputs).map(([name, value]) => `--var ${quoted(`${name}=${value}`)}`);
  return ['faultlab run', quoted(file || 'FILE'), `--seed ${seed}`, ...variables].join(' ');
}

/** As a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
