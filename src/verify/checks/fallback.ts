/**
 * Is there an answer while the dependency is away? Judged by requests that the caller had to answer by itself; a breaker that is open and a
 * failed attempt are the same to whoever asked. Whether the stand-in is any good stands in its body, which no link notes.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import type { RecordedPlan } from '../../journal/events.js';
import { type Correlation, defineCheck, type Judgement } from '../check.js';
import { demandFor } from '../inference/demand.js';
import { isLeak, notNeedingIn, type StandIn, standInsOf } from '../inference/stand-ins.js';
import { baselineOf } from '../inference/traffic.js';
import { fallbackRules, isStandIn, sparedOf } from '../rules/fallback-rules.js';
import { combine, inconclusive, settle } from '../rules/rule.js';
import { type Stretch, stretchesOf } from '../rules/traffic-scope.js';

const schema = z.strictObject({
  from: z.string().meta({ description: 'the service that has the fallback; the load must call it' }),
  to: z.string().meta({ description: 'the dependency that is away' }),
  during: z.union([z.string(), z.array(z.string()).min(1)]).meta({ description: 'fault steps, each judged by itself' }),
  route: z.string().optional().meta({ description: 'only this request of the load, by its name' }),
  status: z
    .array(z.int().min(100).max(599))
    .min(1)
    .optional()
    .meta({ description: 'statuses that are a stand-in; any below 400 if omitted' }),
  marked: z
    .boolean()
    .default(false)
    .meta({ description: 'only answers count that the load knows for stand-ins, by `standIn` of its requests' }),
  min: percentage().default(99).meta({ description: 'per cent of the requests that must get one' }),
  within: duration().optional().meta({ description: 'for 95 per cent of them, from request to answer' }),
  errorLeaksMax: z.int().min(0).optional().meta({ description: 'requests that may be told the dependency’s own failure' }),
  minDemand: z
    .int()
    .min(20)
    .default(100)
    .meta({ description: 'requests that had to do without the dependency, below which it is not judged' }),
});
type Params = z.output<typeof schema>;

export const fallback = defineCheck({
  name: 'fallback',
  summary: 'Demands that requests get a stand-in, soon enough, while the dependency that they need is away.',
  schema,
  example: { from: 'gateway', to: 'payments', during: 'payments-down', status: [202], min: 99, within: '300ms' },
  foresee: (params, { plan }) => {
    const says = unjudgeable(params, plan);
    return says === undefined ? [] : [{ kind: 'cannotJudge', says }];
  },
  evaluate: (params, record) => {
    const unseen = unjudgeable(params, record.plan);
    if (unseen !== undefined) return inconclusive(unseen);
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to calibrate demand by');
    const view = demandFor(record, { caller: { service: params.from }, callee: params.to, baseline });
    if (view.kind === 'none') return inconclusive(view.reason);
    return combine(
      stretchesOf(params, record).map((stretch) => {
        if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
        const all = standInsOf(record, view, stretch.window);
        const meant = params.route === undefined ? all : all.filter(({ request }) => request.route === params.route);
        const spared = sparedOf(params, { standIns: meant, most: notNeedingIn(view, stretch.window) });
        const standIns = meant.filter((standIn) => !spared.has(standIn));
        return judge(params, { standIns, spared: spared.size, stretch, correlation: view.correlation });
      }),
    );
  },
});

function unjudgeable({ from, route, marked }: Params, { load }: RecordedPlan): string | undefined {
  if (load?.service !== from) return `the load does not call ${from}, so nobody saw what it answered`;
  const isKnown = load.routes.some(({ name, hasStandIn }) => hasStandIn && (route === undefined || name === route));
  return marked && !isKnown ? 'no request of the load says by what a stand-in is known (`standIn`)' : undefined;
}

interface Given {
  standIns: readonly StandIn[];
  /** Requests that were answered as ever without it. */
  spared: number;
  stretch: Extract<Stretch, { kind: 'usable' }>;
  correlation: Correlation;
}

function judge(params: Params, { standIns, spared, stretch, correlation }: Given): Judgement {
  const subject = `${params.from} without ${params.to} ${stretch.when}`;
  if (standIns.length < params.minDemand) {
    const seen = `${standIns.length} requests had to be answered without it`;
    return { ...inconclusive(`${subject}: ${seen}; ${params.minDemand} are needed to judge`, stretch.evidence), correlation };
  }
  const given = standIns.filter(({ request }) => isStandIn(params, request));
  const missing = standIns.filter(({ request }) => !isStandIn(params, request));
  const unasked = standIns.filter(({ attempts }) => attempts.length === 0).length;
  return settle(fallbackRules(params, standIns), {
    subject,
    facts: [
      { name: 'answered without asking', value: unasked, unit: 'requests', samples: standIns.length },
      { name: 'answered as ever, and not counted', value: spared, unit: 'requests' },
      { name: 'told the dependency’s own failure', value: standIns.filter(isLeak).length, unit: 'requests', samples: standIns.length },
    ],
    evidence: [
      ...stretch.evidence,
      ...[...missing, ...given].slice(0, 4).flatMap(({ request, attempts }) => [request.n, ...attempts.slice(0, 1).map((e) => e.n)]),
    ],
    correlation,
    alternatives: [
      correlation === 'C0'
        ? 'answers of the dependency: ruled out by count alone, not one attempt succeeded'
        : 'answers of the dependency: ruled out, no attempt of any of these requests succeeded',
      'a cache of the caller: looks the same from outside, and is a stand-in as well',
    ],
  });
}
