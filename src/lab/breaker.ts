/**
 * The breaker of the sample programs: opossum with one set of options, so that what the experiments promise of breakers holds for all of them. Its own
 * time limit is off: the callers have one, which cancels the call as well.
 */
import CircuitBreaker from 'opossum';

export type BreakerState = 'open' | 'halfOpen' | 'closed';

export interface BreakerOptions<A, R> {
  /** Rejects with what counts as a failure. */
  readonly call: (asked: A) => Promise<R>;
  /** The answer in place of a call that failed or was not made. */
  readonly fallback: () => R;
  /** Time over which failures are counted, in ms. */
  readonly windowMs: number;
  /** Told of every state that it enters. */
  readonly onState?: (state: BreakerState) => void;
}

/** Opens at half of the calls failing, of ten or more in the window; asks with a single call every 1.5 s. Call `shutdown` when it is done with. */
export function createBreaker<A, R>({ call, fallback, windowMs, onState }: BreakerOptions<A, R>): CircuitBreaker<[A], R> {
  const circuit = new CircuitBreaker<[A], R>(call, {
    timeout: false,
    errorThresholdPercentage: 50,
    rollingCountTimeout: windowMs,
    rollingCountBuckets: 10,
    volumeThreshold: 10,
    resetTimeout: 1_500,
  });
  circuit.fallback(fallback);
  circuit.on('open', () => onState?.('open'));
  circuit.on('halfOpen', () => onState?.('halfOpen'));
  circuit.on('close', () => onState?.('closed'));
  return circuit;
}
