/** cockatiel itself, with one of its breakers: what it says is its events `onBreak`, `onHalfOpen` and `onReset`. */
import { circuitBreaker, handleAll, type IBreaker } from 'cockatiel';
import type { Guarded, RealBreaker } from './breaker-cycles.js';

export function cockatielPolicy(breaker: IBreaker, { call, on }: Pick<Guarded, 'call' | 'on'>): RealBreaker {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 250, breaker });
  policy.onBreak(() => on('open'));
  policy.onHalfOpen(() => on('halfOpen'));
  policy.onReset(() => on('closed'));
  return { fire: (token) => policy.execute(() => call(token)) };
}
