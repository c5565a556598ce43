/** cockatiel itself, with one of its breakers: what it says is its events `onBreak`, `onHalfOpen` and `onReset`. */
import { circuitBreaker, handleAll, type IBreaker } from 'cockatiel';
import type { BreakerState, RealBreaker } from './breaker-cycles.js';

export function cockatielPolicy(
  breaker: IBreaker,
  { call, on }: { call: (token: string) => Promise<void>; on: (state: BreakerState) => void },
): RealBreaker {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 250, breaker });
  policy.onBreak(() => on('open'));
  policy.onHalfOpen(() => on('halfOpen'));
  policy.onReset(() => on('closed'));
  return { fire: (token) => policy.execute(() => call(token)) };
}
