/**
 * Promises that follow from a declaration: a policy of the plan, or a product's preset. What a check is told itself comes first; a declaration
 * fills in what is left open, and an effect that its settings rule out is no promise but a reason not to judge.
 */
import { z } from 'zod';
import { formatMs } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import { dataExchanges, instancesOf, within } from '../inference/traffic.js';
import { type BreakerScene, forecastOpening } from '../oracles/breaker-oracle.js';
import { type EjectionScene, forecastEjection } from '../oracles/ejection-oracle.js';
import type { Forecast } from '../oracles/forecast.js';
import type { BreakerModel, EjectionModel, Models, RetryModel, TimeoutModel } from '../presets/models.js';
import { type PauseLaw, rangeOfPause } from '../presets/pause.js';
import { modelsOfPolicy } from '../presets/policy-models.js';
import { modelsOfProduct, type Product, productSchema } from '../presets/product.js';

/** Parameters of every check that a declaration can speak for. */
export const declaredShape = {
  from: z.string().optional(),
  to: z.string().optional(),
  policy: z.string().optional().meta({ description: 'a policy of the topology: it says who calls whom, and what is left open here' }),
  preset: productSchema.optional().meta({ description: 'a product, or one with settings in its own words: what is left open here' }),
};

export interface Declaring {
  from?: string | undefined;
  to?: string | undefined;
  policy?: string | undefined;
  preset?: Product | undefined;
}

type Refinement<P> = [check: (params: P) => boolean, error: { error: string }];

/** For `refine`: who calls whom is said, or a policy says it. */
export const fromEnds: Refinement<Declaring> = [
  ({ from, to, policy }) => policy !== undefined || (from !== undefined && to !== undefined),
  { error: 'expected `from` and `to`, or a `policy` that says who calls whom' },
];

/** For `refine`: this parameter, or a declaration that it follows from. */
export function saidOrDeclared<K extends string>(key: K): Refinement<Declaring & { [key in K]?: unknown }> {
  return [
    (params) => [params[key], params.policy, params.preset].some((said) => said !== undefined),
    { error: `expected \`${key}\`, or a \`policy\` or \`preset\` that it follows from` },
  ];
}

export type Declaration = { kind: 'known'; from: string; to: string; models: Models } | { kind: 'unknown'; reason: string };

export function declarationOf({ from, to, policy, preset }: Declaring, { plan }: Pick<RunRecord, 'plan'>): Declaration {
  const declared = plan.policies?.find(({ name }) => name === policy);
  if (policy !== undefined && declared === undefined) return { kind: 'unknown', reason: `the recorded plan has no policy "${policy}"` };
  const [caller, callee] = [from ?? declared?.from, to ?? declared?.to];
  if (caller === undefined || callee === undefined) return { kind: 'unknown', reason: 'it is not said who calls whom' };
  return {
    kind: 'known',
    from: caller,
    to: callee,
    models: { ...modelsOfProduct(preset), ...(policy !== undefined && modelsOfPolicy(plan, policy)) },
  };
}

/** The first of each that is said. */
export function filledIn<P extends object, D extends object>(params: P, declared: D): P & D {
  const said = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
  return { ...declared, ...said } as P & D;
}

export function timeoutPromises({ totalMs, perAttemptMs, idleMs, cancels }: TimeoutModel, isFrontHop: boolean) {
  // No attempt can outlast the request that it is for.
  const perAttempt = perAttemptMs ?? totalMs;
  const times = [perAttempt, idleMs].filter((ms) => ms !== undefined);
  return {
    ...(perAttempt !== undefined && { perAttempt }),
    ...(idleMs !== undefined && { idle: idleMs }),
    ...(totalMs !== undefined && isFrontHop && { total: totalMs }),
    ...(times.length > 0 && { atLeast: Math.min(...times) }),
    ...(cancels === true && { cancels }),
  };
}

/** Of the spread that a law has on paper, so much must be seen. */
const SPREAD_SEEN_MIN = 0.6;

export function retryPromises({ attemptsMax, pause, budget }: RetryModel) {
  const [minMs, maxMs] = pause === undefined ? [0, 0] : rangeOfPause(pause, 1);
  // Evenly spread between its ends.
  const variation = maxMs > 0 ? (maxMs - minMs) / Math.sqrt(12) / ((minMs + maxMs) / 2) : 0;
  return {
    ...(Number.isFinite(attemptsMax) && { maxAttempts: attemptsMax }),
    ...(minMs > 0 && { backoff: { min: minMs } }),
    ...(variation > 0.05 && { backoffJitter: { min: SPREAD_SEEN_MIN * variation } }),
    ...(budget?.kind === 'share' && budget.perSecondAtLeast === 0 && { budgetPercent: 100 * budget.ofCalls }),
  };
}

/** A forecast is of the mean, and machines are late: twice as long and a second is in time. */
function inTimeMs(afterMs: number): number {
  return 2 * afterMs + 1_000;
}
/** Pauses grow up to their cap within so many. */
const PAUSES = 20;
function longestMs(law: PauseLaw): number {
  return rangeOfPause(law, PAUSES)[1];
}

/** `ruledOut`: why the settings cannot do it here; whoever still wants it judged has to say by when. */
interface Promised<D> {
  limits: Partial<D>;
  ruledOut?: string;
}
interface BreakerPromises {
  opensWithin: number;
  halfOpenTrials: { max: number };
  closesAfterHealWithin: number;
}
interface EjectionPromises {
  detectWithin: number;
  returnsWithin: number;
}

function ruledOut(what: string, forecast: Exclude<Forecast, { kind: 'expected' }>): { limits: object; ruledOut: string } {
  const when = forecast.kind === 'unlikely' && Number.isFinite(forecast.afterMs) ? ` before ${formatMs(forecast.afterMs)}` : '';
  return { limits: {}, ruledOut: `by what is declared ${what} under this fault${when}: ${forecast.because}` };
}

export function breakerPromises(model: BreakerModel | undefined, scene: BreakerScene): Promised<BreakerPromises> {
  if (model === undefined) return { limits: {}, ruledOut: 'no breaker is declared, and it is not said by when it must open' };
  const { open, halfOpen } = model;
  const forecast = forecastOpening(model, scene);
  if (forecast.kind !== 'expected') return ruledOut('the breaker does not open', forecast);
  return {
    limits: {
      opensWithin: inTimeMs(forecast.afterMs),
      ...(halfOpen?.kind === 'trials' && { halfOpenTrials: { max: halfOpen.permits } }),
      ...(open && { closesAfterHealWithin: inTimeMs(longestMs(open)) }),
    },
  };
}

export function ejectionPromises(model: EjectionModel | undefined, scene: EjectionScene): Promised<EjectionPromises> {
  if (model === undefined) return { limits: {}, ruledOut: 'no outlier detection is declared, and it is not said by when it must eject' };
  const forecast = forecastEjection(model, scene);
  if (forecast.kind !== 'expected') return ruledOut('nobody is ejected', forecast);
  const { penalty, tickMs } = model;
  const outMs = penalty.kind === 'pauses' ? longestMs(penalty.law) : penalty.everyMs * (penalty.passes + 1);
  return { limits: { detectWithin: inTimeMs(forecast.afterMs), returnsWithin: inTimeMs(outMs + tickMs) } };
}

/** The stream of calls of one caller that an oracle reckons with: as in the baseline, with as many hit as the fault chose. */
export function streamOf(
  record: RunRecord,
  { from, to, fault, baseline }: { from: string; to: string; fault: FaultWindow; baseline: Window },
) {
  const calm = within(dataExchanges(record, { from: instancesOf(record, from), to: instancesOf(record, to) }), baseline);
  const hit = within(record.exchanges, fault).filter((e) => e.applied?.includes(fault.fault));
  const tookMs = hit.reduce((sum, e) => sum + e.endMs - e.startMs, 0) / Math.max(1, hit.length);
  const hitShare = fault.matched === 0 ? 1 : fault.applied / fault.matched;
  return {
    perSecond: (1_000 * calm.length) / Math.max(1, baseline.toMs - baseline.fromMs) / instancesOf(record, from).length,
    failureShare: hitShare * (hit.length === 0 ? 1 : hit.filter((e) => !isSuccess(e)).length / hit.length),
    failingMs: tookMs,
    slow: { share: hitShare, tookMs },
    durationMs: fault.toMs - fault.fromMs,
  };
}
