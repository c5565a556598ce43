/** Differential fuzzing: what the link reads in some bytes, compared with what Node reads in them. */
import fc from 'fast-check';

/**
 * Compares for so many seconds. `subject` is one of `requestFraming` and `responseFraming`. Returns fast-check's details and what happened how often:
 * `accepted` and `refusedByLink` say whether the inputs were worth anything.
 */
export async function compare(subject, { seconds, seed, runsMax = 2 ** 31 - 1 }) {
  const counts = { runs: 0, accepted: 0, refusedByLink: 0, refusedByNodeOnly: 0, refusedByLinkOnly: 0 };
  const oracle = await subject.startOracle();
  try {
    const property = fc.asyncProperty(subject.input, async (input) => {
      const link = subject.readAsLink(input);
      const node = await oracle.frame(input);
      counts.runs += 1;
      const isRefused = link.end === 'refused';
      if (!isRefused) counts.accepted += 1;
      if (isRefused) counts.refusedByLink += 1;
      if (isRefused && node.refusal === undefined) counts.refusedByLinkOnly += 1;
      if (!isRefused && node.refusal !== undefined) counts.refusedByNodeOnly += 1;
      const found = subject.difference(link, node);
      if (found !== undefined) throw new Error(found);
    });
    const details = await fc.check(property, { seed, numRuns: runsMax, interruptAfterTimeLimit: seconds * 1_000 });
    return { details, counts };
  } finally {
    await oracle.close();
  }
}

/**
 * What was found, with the words that bring it back; undefined if that is nothing.
 * @param {import('fast-check').RunDetails<[unknown]>} details
 */
export function finding({ counterexample, errorInstance, error, seed, counterexamplePath }) {
  if (counterexample === null) return undefined;
  const why = errorInstance instanceof Error ? errorInstance.message : error;
  return `${why}\ninput: ${JSON.stringify(counterexample[0])}\nfound with seed ${seed} at ${counterexamplePath}`;
}
