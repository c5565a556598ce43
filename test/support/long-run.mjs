/** The command line of what goes on for as long as one likes: `--minutes`, `--seed` and `--help`. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** What was asked; ends the process with 64 and the usage where that makes no sense. `minutes` is the default. A seed that nobody names is drawn. */
export function readLongRun(usage, { minutes: minutesDefault }) {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: minutesDefault },
        seed: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const minutes = Number(values.minutes);
    const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
    if (!(minutes > 0 && minutes < 24 * 60))
      throw new Error(`--minutes: expected a number above 0 and below 1440, found ${values.minutes}`);
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)
      throw new Error(`--seed: expected a whole number below 2^31, found ${values.seed}`);
    return { minutes, seed, isHelp: values.help };
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(64);
  }
}
