/** Time and frames of the browser, as ports: what waits is tested without a browser. */

/** Since 1970. */
export function wallNowMs(): number {
  return Date.now();
}

/** Resolves after that time, or at once when aborted. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** A tab in the background draws no frames, but has to keep up: there it is called after a second. */
const FRAME_MS_MAX = 1_000;

/** Calls back before the next picture is drawn, once. */
export function nextFrame(callback: () => void): void {
  const once = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, FRAME_MS_MAX);
}
