/**
 * The way to a service that the shop depends on: a balancer with outlier ejection, a time limit for each attempt, retries, and a compartment, so that
 * calls to one dependency cannot take up all that the caller has.
 */
import type { Clock } from '../../core/clock.js';
import type { JsonAnswer, JsonCall, JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { createBalancer } from './balancer.js';
import { defaultEjectionPolicy } from './ejection.js';
import { createRetries } from './retries.js';

/** Short: whoever is back has work to do, and hosts that are not are asked three times more. */
const EJECTION = { ...defaultEjectionPolicy, baseMs: 1_000, maxMs: 2_000 };

export interface DependencyOptions {
  /** Told in errors and in the log. */
  readonly name: string;
  readonly hosts: readonly [Address, ...Address[]];
  readonly caller: JsonCaller;
  /** Time for each attempt, in ms. */
  readonly answerMsMax: number;
  /** For one call, the first included. */
  readonly attemptsMax: number;
  /** Off: tried again at once and without a budget. */
  readonly restraint: boolean;
  /** Calls at a time; what comes then is refused at once. Left out: as many as are made. */
  readonly compartment?: number;
  readonly clock: Clock;
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

export type Ask = Omit<JsonCall, 'answerMsMax' | 'signal'>;

export interface Dependency {
  /** Never rejects: what went wrong is the answer. `left` aborts when nobody waits for it any more. */
  call(ask: Ask, left?: AbortSignal): Promise<JsonAnswer>;
}

export function createDependency(options: DependencyOptions): Dependency {
  const { name, hosts, caller, answerMsMax, compartment = Number.POSITIVE_INFINITY, clock, log } = options;
  const retries = createRetries(options);
  const balancer = createBalancer({
    hostCount: hosts.length,
    // One host alone is never ejected: a bad answer beats none.
    ...(hosts.length > 1 && { ejection: EJECTION }),
    onChange: (host, state) => log({ event: state.kind === 'out' ? 'ejected' : 'readmitted', of: name, host, ...state }),
  });
  let inside = 0;

  const attempt = async (ask: Ask, left: AbortSignal | undefined): Promise<JsonAnswer> => {
    const host = balancer.pick(clock.nowMs());
    const answer = await caller.call(hosts[host] ?? hosts[0], { ...ask, answerMsMax, ...(left && { signal: left }) });
    if (!left?.aborted) balancer.report(host, isFailure(answer), clock.nowMs());
    return answer;
  };

  return {
    call: async (ask, left) => {
      if (inside >= compartment) return { status: 503, body: { error: `${name}: ${compartment} calls are under way` } };
      inside += 1;
      try {
        return await retries.run({ attempt: () => attempt(ask, left), isFailure, left });
      } finally {
        inside -= 1;
      }
    },
  };
}

/** No whole answer, or one that blames the service. */
export function isFailure({ status }: JsonAnswer): boolean {
  return status === 0 || status >= 500;
}
