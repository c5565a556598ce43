/**
 * Was anything done twice? A caller that is not told whether its request was carried out may ask again; judged are the requests of which the
 * caller could not know, because a system that was never in doubt has shown nothing.
 */
import { z } from 'zod';
import { isSuccess } from '../../journal/observations.js';
import type { RunRecord } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { type Call, type CallsIn, type CallView, callsBetween, callsByKey } from '../inference/calls.js';
import { executionOf, type Reading, rewritings } from '../inference/execution.js';
import { zeroEventBound } from '../inference/statistics.js';
import { baselineOf, dataExchanges, instancesOf } from '../inference/traffic.js';
import { callersOf, foreseeDuplicates, manyCallers } from '../rules/doubt-foresight.js';
import { atMost, combine, inconclusive, type Rule, settle } from '../rules/rule.js';
import { formatShare } from '../rules/share.js';
import { type Stretch, scopeShape, stretchesOf } from '../rules/traffic-scope.js';

const schema = z.strictObject({
  at: z.string().meta({ description: 'the service that must not do anything twice' }),
  key: z
    .strictObject({
      header: z
        .string()
        .transform((name) => name.toLowerCase())
        .meta({ description: 'request header; links note `idempotency-key`, and what `observe.headers` names' }),
    })
    .optional()
    .meta({ description: 'by which a request is known again; by the token of the load, or the unique key in its path, if omitted' }),
  during: scopeShape.during.meta({ description: 'fault steps in which the requests began, each by itself; the whole run if omitted' }),
  methods: z.array(z.string()).min(1).default(['POST', 'PUT', 'PATCH', 'DELETE']).meta({ description: 'methods that do something' }),
  accepted: z
    .strictObject({ status: z.array(z.int().min(100).max(599)).min(1) })
    .optional()
    .meta({ description: 'answers by which the service says that it has done it just now; all 2xx if omitted' }),
  max: z.int().min(0).default(0).meta({ description: 'requests that may have been done more than once' }),
  minDemand: z
    .int()
    .min(1)
    .default(10)
    .meta({ description: 'requests whose caller could not know the outcome, without which it is not judged' }),
});
type Params = z.output<typeof schema>;

export const duplicates = defineCheck({
  name: 'duplicates',
  summary: 'Demands that nothing is done twice when a caller cannot know whether its request was carried out.',
  schema,
  example: { at: 'payments', key: { header: 'idempotency-key' }, during: 'answers-get-lost', max: 0 },
  foresee: ({ at, key, during }, outlook) => foreseeDuplicates({ at, during, header: key?.header }, outlook),
  evaluate: (params, record) => {
    const { linksUnseen } = record.plan;
    if (linksUnseen !== undefined) return inconclusive(`requests to ${params.at} were not seen: ${linksUnseen}`);
    const view = callsTo(record, params);
    if (view.kind === 'unknown') return inconclusive(view.reason);
    const judged = stretchesOf(params, record).map((stretch) => judge(params, { callsIn: view.callsIn, stretch, record }));
    return combine(judged.map((judgement) => ({ ...judgement, correlation: view.correlation })));
  },
});

function callsTo(record: RunRecord, { at, key }: Params): CallView {
  const links = record.plan.links.filter((link) => link.toService === at);
  if (key !== undefined) {
    const requests = dataExchanges(record, { from: links.map((link) => link.from), to: instancesOf(record, at), copiesToo: true });
    const callsIn = callsByKey(record.exchanges, requests, key.header);
    if (callsIn === undefined) return { kind: 'unknown', reason: `none of ${requests.length} requests to ${at} carries ${key.header}` };
    return { kind: 'joined', correlation: 'C2', callsIn };
  }
  const baseline = baselineOf(record);
  if (baseline === undefined) return { kind: 'unknown', reason: 'there is no finished baseline to learn from how often a request is sent' };
  const [from, ...others] = callersOf(at, record);
  if (from !== undefined && others.length === 0) return callsBetween(record, { from, to: at, baseline, copiesToo: true });
  return { kind: 'unknown', reason: manyCallers(at, others.length + 1) };
}

interface Scene {
  callsIn: CallsIn;
  stretch: Stretch;
  record: RunRecord;
}

function judge(params: Params, { callsIn, stretch, record }: Scene): Judgement {
  if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
  const calls = callsIn(stretch.window).filter(({ method }) => params.methods.includes(method));
  const isAccepted = (status: number): boolean => params.accepted?.status.includes(status) ?? (status >= 200 && status < 300);
  const reading = { isAccepted, isRewritten: rewritings(record) };
  const told = calls.map((call) => ({ call, ...countDone(call, reading) }));
  // Not told of a success, but it may have been one: here, and only here, somebody might do it again.
  const inDoubt = told.filter(({ call, most }) => most > 0 && (call.attempts.length > 1 || !isSuccess(call.attempts[0])));
  const surely = told.filter(({ least }) => least > 1);
  const perhaps = told.filter(({ most }) => most > 1);
  const rule = ruleOf(params, { surely: surely.length, perhaps: perhaps.length, inDoubt: inDoubt.length });
  return settle([rule], {
    subject: `${params.at} ${stretch.when}`,
    facts: [{ name: 'requests whose caller could not know', value: inDoubt.length, unit: 'requests', samples: told.length }],
    evidence: [...[...surely, ...perhaps].slice(0, 3).flatMap(({ call }) => call.attempts.map((e) => e.n)), ...stretch.evidence],
    alternatives: surely.length === 0 ? [] : [KNOWS_THE_KEY],
  });
}

const KNOWS_THE_KEY =
  'a callee that knows the request again answers twice and does it once; where it says so by another status, name in `accepted` those that mean done';

/** How often the callee has done it: at least, and at most. */
function countDone({ attempts }: Call, reading: Reading): { least: number; most: number } {
  const outcomes = attempts.map((attempt) => executionOf(attempt, reading));
  const least = outcomes.filter((outcome) => outcome === 'done').length;
  return { least, most: least + outcomes.filter((outcome) => outcome === 'unknown').length };
}

function ruleOf({ max, minDemand }: Params, { surely, perhaps, inDoubt }: { surely: number; perhaps: number; inDoubt: number }): Rule {
  const seen = atMost([surely, perhaps], max);
  const isEnough = inDoubt >= minDemand;
  const met = isEnough || seen === false ? seen : null;
  const bound = surely === 0 ? `, so less than ${formatShare(zeroEventBound(inDoubt))} of such requests are` : '';
  const doubt = perhaps > surely ? `, and ${perhaps - surely} more may have been` : met === true ? bound : '';
  const few = met === null && !isEnough ? `; ${minDemand} requests in doubt are needed to judge` : '';
  const says = `${surely} of ${inDoubt} requests whose caller could not know the outcome were done more than once${doubt}${few}`;
  const [limit, interval] = [`<= ${max}`, [surely, perhaps] as const];
  return { name: 'done more than once', value: surely, unit: 'requests', interval, samples: inDoubt, limit, met, says };
}
