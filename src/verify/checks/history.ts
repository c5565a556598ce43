/**
 * Did shared data keep its promise, as those who asked lived through it? Makes a history of what crossed the wire and hands it to a checker; nothing is asked of the data
 * store, so a replica that lies to somebody is found by what it said to him. A pass says that nothing in this history breaks the promise.
 */
import { z } from 'zod';
import type { RunRecord } from '../../journal/record.js';
import { defineCheck } from '../check.js';
import { historyCheckers } from '../histories/catalog.js';
import type { HistoryChecker, HistoryResult } from '../histories/checker.js';
import type { History } from '../histories/history.js';
import { judgeHistory } from '../histories/judge-history.js';
import { dataExchanges, instancesOf, unseenFrom } from '../inference/traffic.js';
import { wireHistory, wireOperation } from '../inference/wire-history.js';
import { whySummed } from '../rules/fault-of-step.js';
import { historyAhead } from '../rules/history-foresight.js';
import { inconclusive, type Rule, settle } from '../rules/rule.js';
import { stretchesOf } from '../rules/traffic-scope.js';

type Promised = Readonly<Record<string, unknown>>;

const promises = historyCheckers.all.map((checker) =>
  z.strictObject({ [checker.name]: checker.schema }).meta({ description: checker.summary }),
);
const schema = z.strictObject({
  from: z.string().default('load').meta({ description: 'who asked: a service, or `load`' }),
  to: z.string().meta({ description: 'the service that keeps the data, all of its instances as one' }),
  holds: z
    .union(promises as unknown as readonly [z.ZodType<Promised, Promised>])
    .meta({ description: `what is promised, by a history checker with its parameters: ${historyCheckers.names.join(', ')}` }),
  operations: z.array(wireOperation).min(1).max(20).meta({ description: 'which requests are operations; the first that fits' }),
  minOperations: z.int().min(1).default(50).meta({ description: 'operations that must have been answered to judge' }),
});
type Params = z.output<typeof schema>;

export const history = defineCheck({
  name: 'history',
  summary:
    'Demands of shared data what a history checker can find broken: lost writes, stale reads, things done twice, two holders of a lock.',
  schema,
  example: {
    from: 'clients',
    to: 'registers',
    holds: { register: {} },
    operations: [
      { f: 'write', method: 'PUT', path: '/registers/{key}', asks: { header: 'x-value' } },
      { f: 'read', method: 'GET', path: '/registers/{key}', told: { answerHeader: 'x-value' } },
    ],
  },
  foresee: (params, { noted }) => {
    const { checker, checkerParams } = promiseOf(params);
    return checker === undefined ? [] : historyAhead(params, checker.knows(checkerParams), noted(params.from, params.to));
  },
  evaluate: (params, record) => {
    const unseen = unseenFrom(record, params.from) ?? whySummed(record, record);
    if (unseen !== undefined) return inconclusive(unseen);
    const [stretch] = stretchesOf({}, record);
    if (stretch?.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
    const { name, checker, checkerParams } = promiseOf(params);
    if (checker === undefined) return inconclusive(`there is no history checker ${name}`);
    const told = historyOf(params, record, checker.knows(checkerParams));
    const few = tooFew(params, told);
    if (few !== undefined) return inconclusive(few);
    const result = judgeHistory(checker, checkerParams, told);
    return settle([ruleOf(params, { name, told, result })], {
      subject: `${params.to}, as ${params.from} saw it`,
      facts: result.facts.map(({ name: fact, value, unit }) => ({ name: fact, value, unit: unit ?? 'count' })),
      evidence: result.anomalies.flatMap(({ operations }) => operations),
      correlation: 'C2',
      alternatives:
        result.verdict === 'invalid' ? ['a clock that is not the same for all: ruled out, each link takes its times from one'] : [],
    });
  },
});

function promiseOf({ holds }: Params): { name: string; checker: HistoryChecker | undefined; checkerParams: unknown } {
  const [name = '', checkerParams] = Object.entries(holds)[0] ?? [];
  return { name, checker: historyCheckers.get(name), checkerParams };
}

/** From the first request on, whatever was being judged then: what was written in the warm-up is read later. */
function historyOf({ from, to, operations }: Params, record: RunRecord, shapes: ReturnType<HistoryChecker['knows']>): History {
  const exchanges = dataExchanges(record, { from: instancesOf(record, from), to: instancesOf(record, to) });
  return wireHistory(exchanges, { operations, shapes });
}

function tooFew({ operations, minOperations }: Params, { operations: seen }: History): string | undefined {
  const done = seen.filter(({ outcome }) => outcome === 'ok');
  if (done.length < minOperations)
    return `only ${done.length} of ${seen.length} operations were answered; ${minOperations} are needed to judge`;
  const missing = operations.find(({ f }) => !done.some((operation) => operation.f === f));
  return missing === undefined ? undefined : `no ${missing.f} was answered, so nothing was put to the test`;
}

function ruleOf({ holds }: Params, { name, told, result }: { name: string; told: History; result: HistoryResult }): Rule {
  const keys = new Set(told.operations.map(({ key }) => key)).size;
  const unknown = told.operations.filter(({ outcome }) => outcome === 'unknown').length;
  const seen = `${told.operations.length} operations on ${keys} keys (${unknown} of unknown outcome)`;
  const promise = `${name}${Object.keys(holds[name] as object).length === 0 ? '' : ` ${JSON.stringify(holds[name])}`}`;
  const [first] = result.anomalies;
  return {
    name: 'anomalies',
    value: result.anomalyCount,
    unit: 'count',
    samples: told.operations.length,
    limit: '<= 0',
    met: { valid: true, invalid: false, unknown: null }[result.verdict],
    says:
      first !== undefined
        ? `${result.anomalyCount} times "${promise}" was broken in ${seen}, first (${first.kind}): ${first.says}`
        : (result.reason ?? `nothing in ${seen} breaks "${promise}"`),
  };
}
