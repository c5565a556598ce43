/**
 * The rounds: for every measure, all subjects in turn, beginning with another one in each round. Round 0 warms up and finds out how long streams
 * have to be; it is thrown away. A subject that fails once in a measure has failed in it: what is left of its rounds is not measured.
 */

/** No sample takes so long unless something hangs. */
const SAMPLE_WITHIN_MS = 30_000;

/**
 * `entrants` are running subjects: `{ subject, instance, start }`. Gives `{ measure, subject, values, failure, missing }` for each pair, with one
 * entry of `values` a round.
 */
export async function measureRounds({ entrants, measures, rounds, lengths, signal, progress }) {
  const records = measures.flatMap((measure) =>
    entrants
      .filter(({ instance }) => instance === undefined || (measure.appliesTo?.(instance) ?? true))
      .map((entrant) => ({ measure, entrant, values: [], next: undefined, ...absence(measure, entrant) })),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const measure of measures) {
      if (round > (measure.roundsMax ?? rounds) || (round === 0 && measure.isFresh)) continue;
      for (const record of rotated(
        records.filter((r) => r.measure === measure),
        round,
      )) {
        if (record.failure !== undefined || record.missing !== undefined) continue;
        progress({ round, rounds, measure: measure.name, subject: record.entrant.subject.name });
        await takeSample(record, { isWarmUp: round === 0, lengths, signal });
      }
    }
  }
  return records.map(({ measure, entrant, values, failure, missing }) => ({ measure, subject: entrant.subject, values, failure, missing }));
}

/** Why a pair is not measured, if it is not: the subject did not start, or the measure has nothing to look at in it. */
function absence(measure, { instance, failure }) {
  if (failure !== undefined) return { failure };
  if (instance.routes[measure.route] === undefined) return { missing: `does not carry ${measure.route}` };
  return { missing: measure.missing?.(instance) };
}

export function rotated(items, by) {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

async function takeSample(record, { isWarmUp, lengths, signal }) {
  try {
    const { values, next } = await sampleWithin(record, { lengths, signal });
    record.next = next;
    if (Object.values(values).some((value) => value !== undefined && !Number.isFinite(value))) throw new Error('no figure came out');
    if (!isWarmUp) record.values.push(values);
  } catch (error) {
    // An interrupted sample is nobody's failure.
    signal.throwIfAborted();
    record.failure = error.message;
  }
}

async function sampleWithin({ measure, entrant, next: previous }, { lengths, signal }) {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(SAMPLE_WITHIN_MS)]);
  const instance = measure.isFresh ? await entrant.start() : entrant.instance;
  try {
    const sample = measure.sample({ address: instance.routes[measure.route], instance, lengths, previous, signal: deadline });
    return await untilAborted(sample, deadline);
  } finally {
    if (measure.isFresh) await instance.end();
  }
}

/** A measure may be waiting for an answer that never comes. */
function untilAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error(`not done within ${SAMPLE_WITHIN_MS} ms`));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
