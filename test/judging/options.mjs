/** The command line of `npm run bench:judge`, and the text of --help. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const OBSERVATIONS = 1_000_000;
/** Below it nothing of what a fault does can be judged; above it a journal would sum its exchanges. */
const RANGE = { min: 1_000, max: 5_000_000 };

const SPEC = {
  observations: { type: 'string', default: String(OBSERVATIONS) },
  ids: { type: 'string', default: 'key' },
  dist: { type: 'string', default: fileURLToPath(new URL('../../dist', import.meta.url)) },
  journal: { type: 'string' },
  keep: { type: 'string' },
  profile: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

export const HELP = `npm run bench:judge -- [options]

Writes the journal of a run with faults, an ejection and a breaker, reads it back and judges it, check by check, in a process of its own, and prints
processor time and the most memory that it took.

  --observations N   how many requests the journal holds, load and links together, ${RANGE.min}…${RANGE.max} (default ${OBSERVATIONS})
  --ids key|uuid     the names that requests carry: the load's own short keys (default), or UUIDs
  --journal FILE     judge this journal instead of a written one
  --keep FILE        keep the written journal there
  --dist DIR         the build to measure (default: dist), to compare two of them
  --profile DIR      write a V8 processor profile of the judging process there
  --json             print the figures as JSON
`;

/** Throws with a sentence for a person. */
export function readOptions(args) {
  const { values } = parseArgs({ args, options: SPEC });
  const observations = Number(values.observations);
  if (!Number.isInteger(observations) || observations < RANGE.min || observations > RANGE.max) {
    throw new Error(`--observations expects a whole number of ${RANGE.min}…${RANGE.max}, not "${values.observations}"`);
  }
  if (values.ids !== 'key' && values.ids !== 'uuid') throw new Error(`--ids expects key or uuid, not "${values.ids}"`);
  return { ...values, observations };
}
