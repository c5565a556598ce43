/** Asking again and again, for what other processes or real sockets bring about in their own time. */
import { hostClock, sleep } from '../../src/core/clock.js';

const ASK_EVERY_MS = 25;

/** What `look` finds as soon as that is anything but undefined or false. Rejects after `withinMs`. */
export async function until<T>(look: () => T | Promise<T>, withinMs = 30_000): Promise<Exclude<T, undefined | false>> {
  for (const giveUpMs = hostClock.nowMs() + withinMs; ; await sleep(hostClock, ASK_EVERY_MS)) {
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (hostClock.nowMs() > giveUpMs) throw new Error(`not so within ${withinMs} ms: ${look}`);
  }
}
