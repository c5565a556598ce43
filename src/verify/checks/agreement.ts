/**
 * Do all instances say the same when they are asked the same? Each by itself may be well and quick; only who compares their answers finds a divided
 * mind. What was asked is known by a request header or the path, what was said by a response header that the links note.
 */
import { z } from 'zod';
import { defineCheck, type Judgement } from '../check.js';
import { zeroEventBound } from '../inference/statistics.js';
import { dataExchanges, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { type Question, questionsIn, spokenBy } from '../inference/voices.js';
import { combine, inconclusive, type Rule, settle } from '../rules/rule.js';
import { formatShare } from '../rules/share.js';
import { scopeShape, stretchesOf } from '../rules/traffic-scope.js';

/** Disagreements that are shown as evidence. */
const SHOWN_MAX = 3;

const header = z.string().transform((name) => name.toLowerCase());
const schema = z.strictObject({
  from: z.string().default('load').meta({ description: 'who asks: a service, or `load`' }),
  to: z.string().meta({ description: 'the service whose instances must agree' }),
  except: z.array(z.string()).default([]).meta({ description: 'instances whose word does not count: those that the plan makes lie' }),
  about: z
    .strictObject({ header })
    .optional()
    .meta({ description: 'request header that says what is asked, noted by `observe.headers`; the path if omitted' }),
  says: z.strictObject({ header }).meta({ description: 'response header with the answer, noted by `observe.answerHeaders`' }),
  during: scopeShape.during.meta({
    description: 'fault steps in which the questions were asked, each by itself; the whole run if omitted',
  }),
  minVoices: z.int().min(2).default(2).meta({ description: 'instances that must have answered a question for it to count' }),
  max: z.int().min(0).default(0).meta({ description: 'questions on which instances may disagree' }),
  minDemand: z.int().min(1).default(20).meta({ description: 'questions that count, without which it is not judged' }),
});
type Params = z.output<typeof schema>;

export const agreement = defineCheck({
  name: 'agreement',
  summary: 'Demands that all instances of a service answer the same when they are asked the same: finds equivocation and split minds.',
  schema,
  example: { from: 'field', to: 'generals', about: { header: 'x-round' }, says: { header: 'x-decision' }, during: 'a-traitor-lies' },
  evaluate: (params, record) => {
    const unseen = unseenFrom(record, params.from);
    if (unseen !== undefined) return inconclusive(unseen);
    const to = instancesOf(record, params.to).filter((instance) => !params.except.includes(instance));
    const answers = dataExchanges(record, { from: instancesOf(record, params.from), to });
    const judged = stretchesOf(params, record).map((stretch) => {
      if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
      const questions = questionsIn(within(answers, stretch.window), { about: params.about?.header, says: params.says.header });
      return judge(params, { questions, when: stretch.when, evidence: stretch.evidence });
    });
    return combine(judged);
  },
});

interface Given {
  questions: readonly Question[];
  when: string;
  evidence: readonly number[];
}

function judge(params: Params, { questions, when, evidence }: Given): Judgement {
  const heard = questions.filter((question) => question.voices >= params.minVoices);
  const divided = heard.filter(({ answers }) => answers.size > 1);
  return settle([ruleOf(params, heard.length, divided)], {
    subject: `${params.to} ${when}`,
    facts: [{ name: 'questions that too few answered', value: questions.length - heard.length, unit: 'count', samples: questions.length }],
    evidence: [...divided.slice(0, SHOWN_MAX).flatMap(spokenBy), ...evidence],
    alternatives:
      divided.length === 0 ? [] : ['a question whose answer changes while it is asked: ask about something that has one answer'],
  });
}

function ruleOf({ max, minDemand, says }: Params, heard: number, divided: readonly Question[]): Rule {
  const [first] = divided;
  const isEnough = heard >= minDemand;
  const met = divided.length > max ? false : isEnough ? true : null;
  const bound = divided.length === 0 && isEnough ? `, so less than ${formatShare(zeroEventBound(heard))} of such questions are` : '';
  const few = isEnough ? '' : `; ${minDemand} questions with ${says.header} in their answers are needed to judge`;
  const example = first === undefined ? '' : `, first ${describe(first)}`;
  return {
    name: 'questions answered differently',
    value: divided.length,
    unit: 'count',
    samples: heard,
    limit: `<= ${max}`,
    met,
    says: `${divided.length} of ${heard} questions were answered differently${example}${bound}${met === false ? '' : few}`,
  };
}

/** `17: gen-1, gen-2 say attack, gen-3 says retreat` */
function describe({ about, answers }: Question): string {
  const sides = [...answers].map(([answer, by]) => {
    const names = [...new Set(by.map(({ to }) => to))].sort();
    return `${names.join(', ')} ${names.length > 1 ? 'say' : 'says'} ${answer}`;
  });
  return `${about}: ${sides.sort().join(', ')}`;
}
