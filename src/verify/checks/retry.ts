/**
 * Does a caller try again as it should: not too often, not too soon, not all at once, and nothing that may have been done? Judged by requests
 * whose first attempt failed while the fault was on; a caller that nothing failed for has shown nothing.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import type { RunRecord } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { type CallsIn, callsBetween } from '../inference/calls.js';
import { estimateRetries, stormOnset } from '../inference/retries.js';
import { baselineOf } from '../inference/traffic.js';
import { foreseeRetries } from '../rules/caller-foresight.js';
import { declarationOf, declaredShape, filledIn, fromEnds, retryPromises } from '../rules/declared-promises.js';
import { retryEvidence, retryFacts, retryRules } from '../rules/retry-rules.js';
import { combine, inconclusive, settle, withoutUntried } from '../rules/rule.js';
import { patienceOf } from '../rules/stream-ahead.js';
import { type Stretch, stretchesOf } from '../rules/traffic-scope.js';

/** What a storm is measured against where no amplification is promised: every tenth call tried again. */
const CALM_AMPLIFICATION = 1.1;

const shape = z.strictObject({
  ...declaredShape,
  from: declaredShape.from.describe('the service that tries again'),
  to: declaredShape.to.describe('the service that it calls'),
  during: z.union([z.string(), z.array(z.string()).min(1)]).meta({ description: 'fault steps, each judged by itself' }),
  maxAttempts: z.int().min(1).optional().meta({ description: 'attempts for one call at most, the first included' }),
  amplification: z
    .strictObject({ max: z.number().min(1).meta({ description: 'attempts per call, on the average' }) })
    .optional()
    .meta({ description: 'deeper in a chain this counts what all callers above have repeated' }),
  budgetPercent: percentage().optional().meta({ description: 'retries in per cent of the calls, at most' }),
  minRetried: percentage().optional().meta({ description: 'per cent of the calls whose first attempt failed that must be tried again' }),
  backoff: z
    .strictObject({ min: duration().meta({ description: 'no retry sooner after a failure' }) })
    .optional()
    .meta({ description: 'waits between attempts' }),
  backoffJitter: z
    .strictObject({
      min: z.number().min(0).max(2).meta({ description: 'standard deviation over mean: 0.115 is ±20 %, 0.577 is full jitter' }),
    })
    .optional()
    .meta({ description: 'spread of the waits before the first retry' }),
  nonIdempotent: z
    .enum(['forbidden', 'allowed'])
    .default('forbidden')
    .meta({ description: 'whether POST and PATCH may be repeated once delivered; allow it where a key makes it safe' }),
  minDemand: z.int().min(1).default(50).meta({ description: 'calls while the fault was on, without which it is not judged' }),
  minFailed: z.int().min(1).default(20).meta({ description: 'of them, calls whose first attempt failed' }),
});
const schema = shape.refine(...fromEnds);
type Given = z.output<typeof schema>;
type Params = Given & { from: string; to: string };

export const retry = defineCheck({
  name: 'retry',
  summary:
    'Demands that failed requests are tried again within limits: how often, how soon, with jitter, and nothing that is unsafe to repeat.',
  schema,
  example: { from: 'gateway', to: 'inventory', during: 'one-host-goes-gray', maxAttempts: 3, amplification: { max: 1.3 } },
  foresee: foreseeRetries,
  evaluate: (given, record) => {
    const declaration = declarationOf(given, record);
    if (declaration.kind === 'unknown') return inconclusive(declaration.reason);
    const { from, to, models } = declaration;
    const params: Params = { ...filledIn(given, models.retry === undefined ? {} : retryPromises(models.retry)), from, to };
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to learn from how often a request is sent');
    const view = callsBetween(record, { from: params.from, to: params.to, baseline });
    if (view.kind === 'unknown') return inconclusive(view.reason);
    const scene = { callsIn: view.callsIn, record, givesUpAfterMs: patienceOf(models) };
    const judged = stretchesOf(params, record).map((stretch) => judge({ given, params }, { ...scene, stretch }));
    return combine(judged.map((judgement) => ({ ...judgement, correlation: view.correlation })));
  },
});

/** What is judged, and when. */
interface Scene {
  callsIn: CallsIn;
  stretch: Stretch;
  record: RunRecord;
  /** By what is declared of the caller. */
  givesUpAfterMs: number | undefined;
}

/** `given`: what the check itself says; `params`: that, and what is declared beside it. */
function judge({ given, params }: { given: Given; params: Params }, { callsIn, stretch, record, givesUpAfterMs }: Scene): Judgement {
  if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
  const { window, when, evidence } = stretch;
  const seen = estimateRetries(callsIn(window), { givesUpAfterMs });
  const subject = `${params.from} -> ${params.to} ${when}`;
  if (seen.calls.length < params.minDemand || seen.failedFirst.length < params.minFailed) {
    const had = `${seen.calls.length} calls, of which ${seen.failedFirst.length} failed at first`;
    return inconclusive(`${subject}: ${had}; ${params.minDemand} and ${params.minFailed} are needed to judge`, evidence);
  }
  const allowed = params.amplification?.max ?? CALM_AMPLIFICATION;
  const onsetMs = stormOnset(seen.calls, { window, allowed, attemptsMax: seen.attemptsMax });
  const isFrontHop = record.plan.load?.service === params.from;
  // What may not be repeated has a default, and is nobody's word.
  const asked = retryRules({ ...given, nonIdempotent: 'allowed' }, seen, isFrontHop);
  const { rules, untried } = withoutUntried(retryRules(params, seen, isFrontHop), asked);
  return settle(rules, {
    subject,
    facts: [...untried, ...retryFacts(seen, onsetMs === undefined ? undefined : onsetMs - window.fromMs)],
    evidence: [...retryEvidence(seen), ...evidence],
    alternatives: [...untried.map(({ says }) => `declared, but not put to the test: ${says}`), ...alternatives(seen.overlapping)],
  });
}

function alternatives(overlapping: number): string[] {
  const library = 'a client that quietly sends again on a dead keep-alive connection looks like a retry without a wait';
  if (overlapping === 0) return [library, 'hedging was ruled out: no attempt began while another ran'];
  return [library, `${overlapping} attempts began while another ran: hedges, or retries after a timeout that the wire was not told of`];
}
