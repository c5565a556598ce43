/**
 * What the declared retries and timeouts of a caller make of a fault, before it is tried: limits that cannot be exceeded, promises that cannot be
 * kept, and waits that are too short for anybody to give up.
 */
import { formatMs } from '../../core/units.js';
import type { Foresight, Outlook } from '../foresight.js';
import type { RetryModel } from '../presets/models.js';
import { type Declaring, declarationOf } from './declared-promises.js';
import { type CallsAhead, streamAhead, throughAll } from './stream-ahead.js';

/** Waits and shares this near to a limit may fall on either side of it. */
const MARGIN = 0.8;

interface RetryParams extends Declaring {
  during: string | readonly string[];
  maxAttempts?: number | undefined;
  amplification?: { max: number } | undefined;
  minRetried?: number | undefined;
}

export function foreseeRetries(params: RetryParams, outlook: Outlook): readonly Foresight[] {
  const declaration = declarationOf(params, outlook);
  const model = declaration.kind === 'known' ? declaration.models.retry : undefined;
  const attempts = Math.min(params.maxAttempts ?? Infinity, model?.attemptsMax ?? Infinity);
  const limit = params.amplification?.max ?? Number.POSITIVE_INFINITY;
  if (attempts <= limit && Number.isFinite(limit)) {
    const says = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} for a call at most cannot amplify beyond ${limit}`;
    return [{ kind: 'cannotFail', says: `${says}; what exceeds them fails by their number` }];
  }
  const none: readonly Foresight[] =
    attempts === 1 && (params.minRetried ?? 0) > 0
      ? [{ kind: 'cannotPass', says: `nothing is tried again with 1 attempt for a call, and ${params.minRetried} % must be` }]
      : [];
  if (declaration.kind === 'unknown' || model === undefined) return none;
  const steps = [params.during].flat();
  return [...none, ...steps.flatMap((during) => sayAmplification(outlook, { ...declaration, during, model, attempts, limit }))];
}

interface Amplified extends CallsAhead {
  model: RetryModel;
  attempts: number;
  limit: number;
}

/** By failures that are independent of each other, with nothing but the budget to stop a retry. */
function sayAmplification(outlook: Outlook, given: Amplified): readonly Foresight[] {
  const stream = streamAhead(outlook, given);
  if (stream === undefined || stream.isAtMost || !Number.isFinite(given.attempts)) return [];
  const { failureShare: share } = throughAll(stream);
  if (share <= 0) return [{ kind: 'cannotJudge', says: `nothing fails while "${given.during}" is on, so there is nothing to try again` }];
  const { budget } = given.model;
  const unbounded = share >= 1 ? given.attempts : (1 - share ** given.attempts) / (1 - share);
  const expected = Math.min(unbounded, budget?.kind === 'share' && budget.perSecondAtLeast === 0 ? 1 + budget.ofCalls : Infinity);
  const figure = `${Number(expected.toFixed(2))} attempts a call with ${Math.round(100 * share)} % of them failing`;
  // Other budgets hold back as many as the load decides.
  const isSure = budget === undefined || budget.kind === 'share';
  if (isSure && MARGIN * (expected - 1) > given.limit - 1) {
    return [{ kind: 'cannotPass', says: `as declared "${given.during}" makes ${figure}, and ${given.limit} are allowed` }];
  }
  return isSure ? [{ kind: 'expect', says: `as declared "${given.during}" makes ${figure}` }] : [];
}

interface HedgingParams {
  from: string;
  to: string;
  during: string | readonly string[];
  amplification?: { max: number } | undefined;
}

/** One more attempt for each slow call, where the fault alone decides how many are slow. */
export function foreseeHedges({ amplification, during, ...calls }: HedgingParams, outlook: Outlook): readonly Foresight[] {
  if (amplification === undefined) return [];
  return [during].flat().flatMap((step): readonly Foresight[] => {
    const prospect = outlook.during(step);
    const stream = streamAhead(outlook, { ...calls, during: step, models: {} });
    if (prospect?.harm?.kind !== 'waits' || prospect.isAtMost || stream === undefined) return [];
    const { share } = throughAll(stream).slow;
    if (MARGIN * share <= amplification.max - 1) return [];
    const says = `"${step}" makes ${Math.round(100 * share)} % of the calls slow: a hedge for each makes ${(1 + share).toFixed(2)} attempts a call, and ${amplification.max} are allowed`;
    return [{ kind: 'cannotPass', says }];
  });
}

interface TimeoutParams extends Declaring {
  during: string | readonly string[];
  perAttempt?: number | undefined;
  idle?: number | undefined;
  total?: number | undefined;
}

export function foreseeWaits(params: TimeoutParams, outlook: Outlook): readonly Foresight[] {
  const declaration = declarationOf(params, outlook);
  if (declaration.kind === 'unknown') return [];
  const { timeout } = declaration.models;
  const limits = [params.perAttempt ?? timeout?.perAttemptMs, params.idle ?? timeout?.idleMs, params.total ?? timeout?.totalMs];
  const shortestMs = Math.min(...limits.filter((ms) => ms !== undefined));
  if (!Number.isFinite(shortestMs)) return [];
  return [params.during].flat().flatMap((step): readonly Foresight[] => {
    const prospect = outlook.during(step);
    const stream = streamAhead(outlook, { ...declaration, during: step });
    if (prospect?.harm === undefined || stream === undefined) return [];
    const waitsMs = prospect.harm.kind === 'fails' ? 0 : Math.min(prospect.harm.forMs, prospect.durationMs);
    if (waitsMs >= MARGIN * shortestMs) return [];
    const waits = prospect.harm.kind === 'fails' ? 'fails at once what it hits' : `makes nobody wait longer than ${formatMs(waitsMs)}`;
    return [{ kind: 'cannotJudge', says: `"${step}" ${waits}, and the shortest limit is ${formatMs(shortestMs)}` }];
  });
}
