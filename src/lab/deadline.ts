/** A signal that aborts when the time is up, by the given clock. Dispose of it when the work is done, or its timer stays. */
import type { Clock } from '../core/clock.js';

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Without `ms` it never aborts. */
export function deadline(clock: Clock, ms: number | undefined): Deadline {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : clock.after(ms, () => controller.abort(new Error(`no answer within ${ms} ms`)));
  return { signal: controller.signal, [Symbol.dispose]: () => timer?.cancel() };
}
