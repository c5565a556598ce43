/** Subjects that take part: each is started once for all its measures, and can be started again where a measure wants a fresh one. */

/** `{ entrants, told }`: those that can be measured or have failed to start, and what is to be said of every subject. */
export async function startEntrants({ options, ...context }) {
  const entrants = [];
  const told = [];
  for (const subject of options.subjects) {
    const { name, role, summary } = subject;
    const reason = subject.missing(options);
    if (reason !== undefined) {
      told.push({ name, role, summary, state: 'skipped', reason });
      continue;
    }
    const entrant = await startEntrant(subject, { options, ...context });
    entrants.push(entrant);
    const state = entrant.failure === undefined ? { state: 'measured' } : { state: 'failed', reason: entrant.failure };
    told.push({ name, role, summary, version: entrant.version, ...state });
  }
  return { entrants, told };
}

async function startEntrant(subject, { options, ...context }) {
  let instances = 0;
  const start = () => {
    instances += 1;
    return subject.start({ ...context, options, label: `${subject.name}-${instances}` });
  };
  try {
    return { subject, start, version: await subject.version(options), instance: await start() };
  } catch (error) {
    return { subject, start, failure: error.message };
  }
}
