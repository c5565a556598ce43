/** The part of the JSON report about people; report-document.ts has its schema. */
import type { Retro } from './retro.js';

/** `retro` is undefined where nobody had a part in the run. */
export function peopleOf(retro: Retro | undefined, sinceStart: (atMs: number) => number) {
  const said = retro?.said.map((one) => ({ ...one, atMs: sinceStart(one.atMs) })) ?? [];
  if (retro?.gameDay === undefined) return { said, gameDay: null };
  const { briefing = null, people } = retro.gameDay;
  const gameDay = {
    briefing,
    briefedBy: retro.briefedBy ?? null,
    people: people.map(({ name, role = null, contact = null }) => ({ name, role, contact })),
    acts: retro.acts.map(({ title, outcome, fromMs, toMs, findings }) => ({
      title,
      outcome,
      fromMs: sinceStart(fromMs),
      toMs: sinceStart(toMs),
      promises: findings.map(({ name }) => name),
    })),
    questions: retro.questions,
  };
  return { said, gameDay };
}
