/** Reads a game day of several experiments, and tells each of them who takes part. Takes text, not a path; the experiments are read by the caller. */
import { explainIssues } from '../core/explain.js';
import { valueAt } from '../core/schema-lookup.js';
import type { RecordedGameDay } from '../journal/events.js';
import type { TextFile } from './include.js';
import type { Plan } from './plan.js';
import { planInvalid } from './problem.js';
import { recordedPeople } from './resolve/people.js';
import { type AgendaText, agendaSchema } from './schema/agenda.js';
import { readSource } from './source.js';

/** Undefined where the text is no agenda, but an experiment, or nothing at all. Throws PLAN_INVALID. */
export function readAgenda(given: TextFile): AgendaText | undefined {
  // Reading YAML takes its time, and nearly every file is an experiment.
  if (!given.text.includes('experiments')) return undefined;
  const { source, data } = readSource(given);
  if (valueAt(data, ['experiments']) === undefined) return undefined;
  const result = agendaSchema.safeParse(data);
  if (!result.success) throw planInvalid(source, explainIssues(result.error.issues, { schema: agendaSchema, data }));
  return result.data;
}

/** What an experiment says itself counts more. The briefing is given before the first of them, the questions are asked after the last. */
export function withPeople(plan: Plan, { people, briefing, questions }: AgendaText, place: { isFirst: boolean; isLast: boolean }): Plan {
  const own: RecordedGameDay = plan.recorded.gameDay ?? { people: [], acts: [], questions: [] };
  const gameDay: RecordedGameDay = {
    ...own,
    people: own.people.length > 0 ? own.people : recordedPeople(people),
    ...(place.isFirst && briefing !== undefined && { briefing: [briefing, own.briefing ?? ''].join('\n').trim() }),
    questions: [...own.questions, ...(place.isLast ? (questions ?? []) : [])],
  };
  return { ...plan, recorded: { ...plan.recorded, gameDay } };
}
