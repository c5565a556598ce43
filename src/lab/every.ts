/** Work that is done again and again: the next time begins a period after the end of the last, so slow work never piles up. */
import type { Clock, Timer } from '../core/clock.js';

/** Begins with the first period. What the work throws is handed to `onFailure`, and it goes on. */
export function every(clock: Clock, periodMs: number, work: () => Promise<unknown>, onFailure: (error: unknown) => void): Disposable {
  let isStopped = false;
  let timer: Timer;
  const again = (): void => {
    if (!isStopped) timer = clock.after(periodMs, tick);
  };
  const tick = (): void => {
    work().catch(onFailure).finally(again);
  };
  again();
  return {
    [Symbol.dispose]: () => {
      isStopped = true;
      timer.cancel();
    },
  };
}
