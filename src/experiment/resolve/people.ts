/** Who takes part in a game day, as it is recorded: what was left out stays left out. */
import type { RecordedGameDay } from '../../journal/events.js';
import type { Experiment } from '../schema/experiment.js';

export function recordedPeople(people: Experiment['people'] = []): RecordedGameDay['people'] {
  return people.map(({ name, role, contact }) => ({
    name,
    ...(role !== undefined && { role }),
    ...(contact !== undefined && { contact }),
  }));
}
