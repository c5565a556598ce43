/**
 * What a game day has beside an experiment: people, a briefing, questions for afterwards, and acts, which take the place of the method. What a
 * reader gets wrong: acts are one method in one run, one after the other, so that the system lives through all of them.
 */
import { z } from 'zod';
import type { Path } from '../../core/document-path.js';
import type { Catalogs } from '../catalogs.js';
import { methodSchema, type StepText } from './method.js';
import { type VerifyText, verifySchema } from './verify.js';
import { name } from './words.js';

const PEOPLE_MAX = 100;
const ACTS_MAX = 100;
const sentence = () => z.string().trim().min(1).max(2_000);

const person = z.strictObject({
  name: z.string().trim().min(1).max(100).meta({ description: 'as it is said in `faultlab approve --by`' }),
  role: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'what this person does on the day: incident commander, observer' }),
  contact: z.string().max(200).optional().meta({ description: 'where this person is reached' }),
});

/** What a game day says to the people who take part. */
export const peopleFields = {
  people: z.array(person).max(PEOPLE_MAX).optional().meta({ description: 'of a game day: who takes part' }),
  briefing: z.string().max(10_000).optional().meta({ description: 'of a game day: what everybody is told before' }),
  questions: z.array(sentence()).max(100).optional().meta({ description: 'of a game day: what everybody is asked afterwards' }),
};

/** Fields that an experiment does not have. */
export function gameDayFields(catalogs: Catalogs) {
  const act = z.strictObject({
    name: name().meta({ description: 'stands for all of its steps' }),
    title: sentence().optional().meta({ description: 'what people call it' }),
    serial: methodSchema(catalogs).meta({
      description: 'its steps, one after the other; a gate before it is an `approve` step, the first of them',
    }),
    verify: z.array(verifySchema(catalogs.checks)).max(1_000).default([]).meta({ description: 'promises of this act' }),
  });
  return {
    ...peopleFields,
    acts: z.array(act).min(1).max(ACTS_MAX).optional().meta({ description: 'of a game day, in place of a method: one after the other' }),
  };
}

/** A part of a file, and where it stands there. */
export interface Placed<T> {
  text: T;
  path: Path;
}

/** What a run is made of: a method, or acts in its place. */
interface Course {
  method: readonly StepText[];
  verify: readonly VerifyText[];
  acts?: readonly { name: string; serial: readonly StepText[]; verify: readonly VerifyText[] }[] | undefined;
}

/** The steps of the whole run: those of the method, or the acts as groups, each after the one before it. */
export function methodOf({ method, acts }: Pick<Course, 'method' | 'acts'>): readonly Placed<StepText>[] {
  if (acts === undefined) return method.map((text, i) => ({ text, path: ['method', i] }));
  return acts.map(({ name: own, serial }, i): Placed<StepText> => {
    const before = acts[i - 1]?.name;
    const members = serial.map((step, place) => ({ step, at: ['serial', place] }));
    return {
      text: { name: own, startAfter: before === undefined ? [] : [before], act: { kind: 'group', order: 'serial', members } },
      path: ['acts', i],
    };
  });
}

/** The promises of the whole run. */
export function promisesOf({ verify, acts = [] }: Pick<Course, 'verify' | 'acts'>): readonly Placed<VerifyText>[] {
  const placed = (texts: readonly VerifyText[], at: Path): Placed<VerifyText>[] => texts.map((text, i) => ({ text, path: [...at, i] }));
  return [...placed(verify, ['verify']), ...acts.flatMap((act, i) => placed(act.verify, ['acts', i, 'verify']))];
}

type Kinds = Partial<Record<'kind' | 'method' | 'people' | 'briefing' | 'acts' | 'questions', unknown>>;

/** An experiment has a method and no people; a game day has acts or a method. */
export function checkKind(given: Kinds, context: z.core.$RefinementCtx): void {
  const complain = (key: string, message: string): void => void context.issues.push({ code: 'custom', message, input: given, path: [key] });
  const isEmpty = Array.isArray(given.method) && given.method.length === 0;
  for (const key of ['people', 'briefing', 'acts', 'questions'] as const)
    if (given.kind === 'Experiment' && given[key] !== undefined) complain(key, 'expected in a game day only; write kind: GameDay');
  if (isEmpty && given.acts === undefined) complain('method', 'expected the steps, found none');
  if (!isEmpty && given.acts !== undefined) complain('acts', 'expected either a method or acts, found both');
}
