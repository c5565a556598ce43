/**
 * The stream of calls of one caller under a fault that has not been on yet, for the oracles. What a reader gets wrong: without a declared timeout
 * nobody knows whether what waits will fail, so then all of it is taken to fail, and only what rules an effect out may be said.
 */
import type { Outlook, Prospect } from '../foresight.js';
import { instancesOf } from '../inference/traffic.js';
import type { Models } from '../presets/models.js';

export interface StreamAhead {
  /** Calls of one caller instance to all instances of the callee. */
  perSecond: number;
  /** Of the calls to an instance that the fault is on. */
  failureShare: number;
  /** How long a failing call takes. */
  failingMs: number;
  durationMs: number;
  /** Calls that wait, whether they fail or not. */
  slow: { share: number; tookMs: number };
  instances: readonly string[];
  /** Of them, those that the fault is on, as the caller sees it. */
  bad: readonly string[];
  /** Less of it may fail or wait. */
  isAtMost: boolean;
}

/** Who calls whom while which fault is on, and what is declared of the caller. */
export interface CallsAhead {
  from: string;
  to: string;
  during: string;
  models: Models;
}

/** Undefined where it cannot be reckoned: the fault is not on these links, or is not alone. */
export function streamAhead(outlook: Outlook, { from, to, during, models }: CallsAhead): StreamAhead | undefined {
  const prospect = outlook.during(during);
  if (prospect?.harm === undefined || prospect.requestsPerSecond === undefined || !prospect.isAlone) return undefined;
  const [callers, instances] = [instancesOf(outlook, from), instancesOf(outlook, to)];
  const hit = outlook.plan.links.filter(({ name, from: caller }) => callers.includes(caller) && prospect.fault.links.includes(name));
  const bad = instances.filter((instance) => hit.some((link) => link.to === instance));
  if (bad.length === 0) return undefined;
  // Some callers of many may be spared; what is reckoned is one that is not.
  const isEveryCaller = hit.length === bad.length * callers.length;
  const { failureShare, failingMs, tookMs, isSure } = harmTo(prospect.harm, prospect, models);
  return {
    perSecond: prospect.requestsPerSecond / callers.length,
    failureShare,
    failingMs,
    durationMs: prospect.durationMs,
    slow: { share: prospect.share, tookMs },
    instances,
    bad,
    isAtMost: prospect.isAtMost || !isSure || !isEveryCaller,
  };
}

/** Seen by a breaker that stands before the callee as a whole: its calls are spread over good and bad instances. */
export function throughAll(stream: StreamAhead): StreamAhead {
  const part = stream.bad.length / stream.instances.length;
  return { ...stream, failureShare: stream.failureShare * part, slow: { ...stream.slow, share: stream.slow.share * part } };
}

function harmTo(harm: NonNullable<Prospect['harm']>, { share, durationMs }: Prospect, models: Models) {
  if (harm.kind === 'fails') return { failureShare: share, failingMs: 0, tookMs: 0, isSure: true };
  const patienceMs = patienceOf(models);
  const tookMs = Math.min(harm.forMs, patienceMs ?? Number.POSITIVE_INFINITY, durationMs);
  if (patienceMs === undefined) return { failureShare: share, failingMs: 0, tookMs, isSure: false };
  return { failureShare: harm.forMs < patienceMs ? 0 : share, failingMs: tookMs, tookMs, isSure: true };
}

/** After how long a call that is not answered is given up, as far as it is declared. */
export function patienceOf({ breaker, timeout }: Models): number | undefined {
  const times = [breaker?.timeoutMs, timeout?.perAttemptMs, timeout?.idleMs, timeout?.totalMs].filter((ms) => ms !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
