/**
 * Does a caller ask a second time while the first is slow, late enough not to double the load, and drop the loser? Judged by calls that were
 * slow; where nothing was slow, nothing was to be hedged.
 */
import { z } from 'zod';
import { duration, formatMs, percentage } from '../../core/units.js';
import type { List } from '../../journal/list.js';
import type { RunRecord } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { type Call, type CallsIn, callsBetween, numberOf } from '../inference/calls.js';
import { estimateHedges } from '../inference/hedges.js';
import { ascending, quantile } from '../inference/statistics.js';
import { baselineOf } from '../inference/traffic.js';
import { foreseeHedges } from '../rules/caller-foresight.js';
import { type HedgingScene, hedgingAlternatives, hedgingFacts, hedgingRules } from '../rules/hedging-rules.js';
import { foreseeNoWait } from '../rules/opportunity-foresight.js';
import { combine, inconclusive, settle } from '../rules/rule.js';
import { type Stretch, stretchesOf } from '../rules/traffic-scope.js';

/** A hedge that is to come by a certain time may be so much late. */
const LATE_MS = 25;

const schema = z.strictObject({
  from: z.string().meta({ description: 'the service that hedges' }),
  to: z.string().meta({ description: 'the service that it calls' }),
  during: z.union([z.string(), z.array(z.string()).min(1)]).meta({ description: 'fault steps that make it slow, each judged by itself' }),
  delay: z
    .strictObject({
      min: duration().optional().meta({ description: 'no hedge sooner after the first attempt' }),
      max: duration().optional().meta({ description: 'by then it must have come' }),
    })
    .optional()
    .meta({ description: 'wait before the second attempt' }),
  minHedged: percentage().default(90).meta({ description: 'per cent of the calls slower than the delay that must be hedged' }),
  amplification: z
    .strictObject({ max: z.number().min(1).meta({ description: 'attempts per call, on the average' }) })
    .optional()
    .meta({ description: 'what hedging may cost' }),
  cancels: z.boolean().default(true).meta({ description: 'whether the loser must be ended once the winner is answered' }),
  cancelWithin: duration().default(100).meta({ description: 'how soon' }),
  nonIdempotent: z.enum(['forbidden', 'allowed']).default('forbidden').meta({ description: 'whether POST and PATCH may be hedged' }),
  minSlow: z.int().min(1).default(40).meta({ description: 'calls slower than the delay, without which it is not judged' }),
});
type Params = z.output<typeof schema>;

export const hedging = defineCheck({
  name: 'hedging',
  summary: 'Demands that slow calls are asked a second time, not too soon, not at too much cost, and that the loser is dropped.',
  schema,
  example: {
    from: 'gateway',
    to: 'inventory',
    during: 'one-host-is-slow',
    delay: { min: '50ms', max: '150ms' },
    amplification: { max: 1.1 },
  },
  foresee: (params, outlook) => [
    ...foreseeNoWait({ during: params.during, atLeastMs: params.delay?.max ?? 0, hence: 'so no hedge is due' }, outlook),
    ...foreseeHedges(params, outlook),
  ],
  evaluate: (params, record) => {
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to learn from how often a request is sent');
    const view = callsBetween(record, { from: params.from, to: params.to, baseline });
    if (view.kind === 'unknown') return inconclusive(view.reason);
    const calm = view.callsIn(baseline);
    const judged = stretchesOf(params, record).map((stretch) => judge(params, { callsIn: view.callsIn, calm, stretch, record }));
    return combine(judged.map((judgement) => ({ ...judgement, correlation: view.correlation })));
  },
});

interface Given {
  callsIn: CallsIn;
  calm: List<Call>;
  stretch: Stretch;
  record: RunRecord;
}

function judge(params: Params, { callsIn, calm, stretch }: Given): Judgement {
  if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
  const calls = callsIn(stretch.window);
  const seen = estimateHedges(calls);
  const dueMs = dueAfterMs(params, { medianDelayMs: seen.medianDelayMs, calm });
  const hedged = new Set(seen.hedged.map(({ call }) => numberOf(call)));
  // A hedge that wins cuts the first attempt short: a hedged call was slow however long its first attempt ran.
  const slow = calls.filter((call) => hedged.has(numberOf(call)) || call.attempts[0].endMs - call.attempts[0].startMs > dueMs);
  const scene: HedgingScene = { limits: params, seen, slow, dueMs, calm };
  const subject = `${params.from} -> ${params.to} ${stretch.when}`;
  if (slow.length < params.minSlow) {
    const had = `${slow.length} of ${calls.length} calls were hedged or took longer than ${formatMs(dueMs)}, by when a hedge is due`;
    return inconclusive(`${subject}: ${had}; ${params.minSlow} are needed to judge`, stretch.evidence);
  }
  const shown: List<Call> = seen.hedged.length > 0 ? seen.hedged.slice(0, 4).map(({ call }) => call) : slow.slice(0, 8);
  return settle(hedgingRules(scene), {
    subject,
    facts: hedgingFacts(scene),
    evidence: [...stretch.evidence, ...shown.flatMap((call) => call.attempts.slice(0, 2).map((attempt) => attempt.n))],
    alternatives: hedgingAlternatives(scene),
  });
}

/** Where no delay is promised, it is what was seen; where nothing was seen, well beyond what calm calls take. */
function dueAfterMs({ delay }: Params, { medianDelayMs, calm }: { medianDelayMs: number; calm: List<Call> }): number {
  if (delay?.max !== undefined) return delay.max + LATE_MS;
  if (Number.isFinite(medianDelayMs)) return medianDelayMs + LATE_MS;
  const tookMs = ascending(calm.map(({ attempts: [first] }) => first.endMs - first.startMs));
  return 2 * quantile(tookMs, 0.99) + LATE_MS;
}
