/**
 * Time as an argument. Everything that waits takes a `Clock`, so that tests can turn it by hand; this is the only file that
 * touches the host's timers. `nowMs` is CLOCK_MONOTONIC and therefore comparable between processes of one machine.
 */
import { performance } from 'node:perf_hooks';

export interface Timer {
  /** Never fires afterwards; calling it twice is harmless. */
  cancel(): void;
}

export interface Clock {
  /** Milliseconds of the monotonic clock, with fractions. Comparable across processes of the same machine. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch; for display only, because it may jump. */
  wallMs(): number;
  /** Runs `run` once, at least `delayMs` from now: late is possible, early is not. `isRough`: two milliseconds late will do, and cost no processor. */
  after(delayMs: number, run: () => void, options?: { isRough?: boolean }): Timer;
}

/** The longest wait that the host's timers can express; longer ones are waited for in parts. */
const HOST_TIMEOUT_MS_MAX = 2_000_000_000;
/** How late an idle process wakes up (measured: 0.1…0.3 ms); so much earlier a host timer is set, and the rest is waited for awake. */
const WAKE_UP_MS = 0.25;

/** performance.now() counts the same clock from a start of its own; the difference is constant for the process. */
const monotonicOffsetMs = (() => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6 - performance.now();
})();

function nowMs(): number {
  return performance.now() + monotonicOffsetMs;
}

/** Host timers count whole milliseconds from a cached loop time and were seen 0.44 ms early, so the due time is checked here. */
class HostTimer implements Timer {
  readonly #dueMs: number;
  readonly #run: () => void;
  readonly #isRough: boolean;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(delayMs: number, run: () => void, isRough: boolean) {
    this.#dueMs = nowMs() + delayMs;
    this.#run = run;
    this.#isRough = isRough;
    this.#arm(delayMs);
  }

  cancel(): void {
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
  }

  #arm(remainingMs: number): void {
    // The last millisecond, or a little more, is waited for in turns of the event loop: a timer would round it up to a whole one.
    const asleepMs = this.#isRough ? Math.ceil(remainingMs) : Math.floor(remainingMs - WAKE_UP_MS);
    if (asleepMs < 1) this.#immediate = setImmediate(this.#check);
    else this.#timeout = setTimeout(this.#check, Math.min(asleepMs, HOST_TIMEOUT_MS_MAX));
  }

  readonly #check = (): void => {
    const remainingMs = this.#dueMs - nowMs();
    if (remainingMs > 0) this.#arm(remainingMs);
    else this.#run();
  };
}

export const hostClock: Clock = {
  nowMs,
  wallMs: () => Date.now(),
  after: (delayMs, run, { isRough = false } = {}) => new HostTimer(delayMs, run, isRough),
};

/** Runs `run` once, when all that this turn of the event loop has found ready has been dealt with. */
export function atTurnEnd(run: () => void): void {
  setImmediate(run);
}

/** Waits `delayMs`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const abort = (): void => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Calls `run` every `periodMs`, roughly, the first time one period from now, until cancelled. A slow `run` delays the next call; calls never overlap. */
export function every(clock: Clock, periodMs: number, run: () => void): Timer {
  let cancelled = false;
  const again = (): Timer =>
    clock.after(
      periodMs,
      () => {
        run();
        if (!cancelled) timer = again();
      },
      { isRough: true },
    );
  let timer = again();
  return {
    cancel: () => {
      cancelled = true;
      timer.cancel();
    },
  };
}
