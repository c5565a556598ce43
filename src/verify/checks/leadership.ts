/**
 * Does one lead at a time? Who answers as the leader says the term that it answers in; an answer under an older term, to who asked after one under a
 * newer term, was given by somebody who had been replaced. What a reader gets wrong: two may think that they lead, as long as only one acts on it.
 */
import { z } from 'zod';
import type { ExchangeList } from '../../journal/exchanges.js';
import { LOAD } from '../../journal/observations.js';
import type { RunRecord, Window } from '../../journal/record.js';
import { defineCheck } from '../check.js';
import { fencingHistory, sharedTokens, type TokenWrite, tokenOf } from '../inference/fencing.js';
import { ownOutcomes } from '../inference/own-outcome.js';
import { dataExchanges, instancesOf } from '../inference/traffic.js';
import { faultOfStep, whySummed } from '../rules/fault-of-step.js';
import { leadershipRules } from '../rules/leadership-rules.js';
import { inconclusive, settle } from '../rules/rule.js';

const schema = z.strictObject({
  at: z.string().meta({ description: 'the service of whose instances one leads' }),
  term: z
    .strictObject({ header: z.string().transform((name) => name.toLowerCase()) })
    .meta({ description: 'response header with the term, a whole number that grows; the links note it by `observe.answerHeaders`' }),
  methods: z.array(z.string()).min(1).optional().meta({ description: 'methods of what only a leader answers; all if omitted' }),
  accepted: z
    .strictObject({ status: z.array(z.int().min(100).max(599)).min(1) })
    .optional()
    .meta({ description: 'answers that only a leader gives; all 2xx if omitted' }),
  minTerms: z.int().min(1).optional().meta({
    description: 'terms that must have been seen, or nothing was put to the test; 2 if omitted, 1 beside `maxChanges`',
  }),
  during: z.string().optional().meta({ description: 'the fault step that `maxChanges` is about' }),
  maxChanges: z.int().min(0).optional().meta({ description: 'how often the term may change while that fault is on' }),
  minDemand: z.int().min(2).default(20).meta({ description: 'answers with a term that must have been given, in the step too' }),
});
type Params = z.output<typeof schema>;

export const leadership = defineCheck({
  name: 'leadership',
  summary: 'Demands that one leads at a time: one a term, and nobody answers under an older term after somebody did under a newer one.',
  schema: schema.refine(({ during, maxChanges }) => (during === undefined) === (maxChanges === undefined), {
    error: 'expected `during` and `maxChanges` together, or neither',
  }),
  example: { at: 'quorum', term: { header: 'x-term' } },
  evaluate: (params, record) => {
    const { linksUnseen } = record.plan;
    if (linksUnseen !== undefined) return inconclusive(`answers of ${params.at} were not seen: ${linksUnseen}`);
    const gone = whySummed(record, record);
    if (gone !== undefined) return inconclusive(gone);
    const found = params.during === undefined ? undefined : faultOfStep(record, params.during);
    if (found?.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const { answers, bare } = answersOf(params, record);
    const during = found?.fault;
    const scarce = [answers, ...(during === undefined ? [] : [answersIn(answers, during)])].find(({ length }) => length < params.minDemand);
    if (scarce !== undefined) return inconclusive(tooFew(params, scarce.length, bare));
    const { stale } = fencingHistory(answers);
    const shared = sharedTokens(answers, ({ to }) => to);
    const terms = new Set(answers.map(({ token }) => token)).size;
    const rules = leadershipRules({ ...params, stale, shared, terms, bare, inStep: during && answersIn(answers, during) });
    return settle(rules, {
      facts: [
        { name: 'answers of leaders', value: answers.length, unit: 'count' },
        { name: 'terms', value: terms, unit: 'count' },
      ],
      evidence: [
        ...shared.flatMap((token) => token.writes.map((write) => write.exchange.n)),
        ...stale.flatMap(({ exchange, newer }) => [exchange.n, newer.exchange.n]),
        ...(during?.evidence ?? []),
      ],
      alternatives: ['requests that were under way while the leader changed: ruled out, only who asked after a newer answer counts'],
    });
  },
});

/** Of those who are not members themselves. */
function answersOf(params: Params, record: RunRecord): { answers: readonly TokenWrite[]; bare: number } {
  const members = instancesOf(record, params.at);
  const callers = record.plan.links.filter(({ from, to }) => members.includes(to) && !members.includes(from)).map(({ from }) => from);
  const seen: ExchangeList = dataExchanges(record, { from: [...new Set([...callers, LOAD])], to: members });
  const outcomeOf = ownOutcomes(record, { accepted: params.accepted?.status });
  const isMeant = (method: string): boolean => params.methods?.includes(method) ?? true;
  const accepted = seen.filter((exchange) => isMeant(exchange.method) && outcomeOf(exchange) === 'accepted');
  const answers = accepted.flatMap((exchange): TokenWrite[] => {
    const token = tokenOf(exchange.answerTokens?.[params.term.header]);
    return token === undefined ? [] : [{ exchange, token, outcome: 'accepted' }];
  });
  return { answers, bare: accepted.length - answers.length };
}

function answersIn(answers: readonly TokenWrite[], { fromMs, toMs }: Window): readonly TokenWrite[] {
  return answers.filter(({ exchange }) => exchange.startMs >= fromMs && exchange.startMs < toMs);
}

function tooFew({ at, term, minDemand }: Params, count: number, bare: number): string {
  const why = bare === 0 ? '' : `, and ${bare} without one: do the links note it, by \`observe.answerHeaders\`?`;
  return `only ${count} answers of ${at} with a whole number in ${term.header} were seen; ${minDemand} are needed to judge${why}`;
}
