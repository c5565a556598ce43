import { describe, expect, it } from 'vitest';
import { every, hostClock, sleep } from '../../src/core/clock.js';
import { VirtualClock } from '../support/clock.js';

describe('the host clock', () => {
  it('never fires early, for delays with fractions of a millisecond too', async () => {
    const delays = [0, 0.3, 1, 1.7, 5, 12.4, 20, 33.3];
    const late = await Promise.all(
      delays.map(
        (delayMs) =>
          new Promise<number>((resolve) => {
            const startedMs = hostClock.nowMs();
            hostClock.after(delayMs, () => resolve(hostClock.nowMs() - startedMs - delayMs));
          }),
      ),
    );
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  it('never fires early where it may be rough, either', async () => {
    for (const delayMs of [0, 0.3, 1, 2.6, 20.4]) {
      const fromMs = hostClock.nowMs();
      const tookMs = await new Promise<number>((resolve) => {
        hostClock.after(delayMs, () => resolve(hostClock.nowMs() - fromMs), { isRough: true });
      });
      expect(tookMs).toBeGreaterThanOrEqual(delayMs);
    }
  });

  it('does not fire after it was cancelled', async () => {
    let fired = false;
    const timers = [0, 0.5, 5].map((delayMs) =>
      hostClock.after(delayMs, () => {
        fired = true;
      }),
    );
    for (const timer of timers) timer.cancel();
    await sleep(hostClock, 30);
    expect(fired).toBe(false);
  });

  it('counts the same clock as another process of this machine', () => {
    const beforeMs = hostClock.nowMs();
    const [seconds, nanoseconds] = process.hrtime();
    const thereMs = seconds * 1e3 + nanoseconds / 1e6;
    expect(thereMs).toBeGreaterThan(beforeMs - 50);
    expect(thereMs).toBeLessThan(hostClock.nowMs() + 50);
  });
});

describe('sleep', () => {
  it('rejects with the reason as soon as the signal aborts', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const slept = sleep(clock, 1_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    expect(clock.pending).toBe(0);
  });

  it('rejects at once when the signal has aborted before', async () => {
    await expect(sleep(new VirtualClock(), 1, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});

describe('every', () => {
  it('calls once a period until cancelled, also from within', () => {
    const clock = new VirtualClock();
    const at: number[] = [];
    const timer = every(clock, 100, () => {
      at.push(clock.nowMs());
      if (at.length === 3) timer.cancel();
    });
    clock.advance(1_000);
    expect(at).toEqual([1_100, 1_200, 1_300]);
    expect(clock.pending).toBe(0);
  });
});
