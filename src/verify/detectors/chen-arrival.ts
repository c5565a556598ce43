/**
 * Chen, Toueg and Aguilera's NFD-E: expects each heartbeat at the time that the last ones make likely, and grants it a margin. It needs no
 * synchronised clocks, but numbered heartbeats: a late one tells nothing new, and its delay still counts for the estimate.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector } from './detector.js';
import { keepIntervals } from './intervals.js';

export const chenArrival = defineDetector({
  name: 'chenArrival',
  summary: 'Suspects when the next heartbeat is later than expected plus a margin (Chen, NFD-E).',
  schema: z.strictObject({
    interval: duration({ minMs: 1 }).default(1_000).meta({ description: 'time between heartbeats, as they are sent' }),
    margin: duration().meta({ description: 'how much later than expected one may be' }),
    samples: z.int().min(1).max(1_000).default(100).meta({ description: 'heartbeats that the estimate rests on' }),
  }),
  example: { interval: '1s', margin: '500ms' },
  hears: ['heartbeat'],
  isNumbered: true,
  open: ({ interval: intervalMs, margin: marginMs, samples }, startMs) => {
    // How much later than interval × number each came, which holds the delay and the two clocks' offset.
    let shifts = keepIntervals(samples);
    let newest = -1;
    let lastMs = startMs;
    const freshUntilMs = (): number =>
      (shifts.count === 0 ? startMs : shifts.rhythm().meanMs + newest * intervalMs) + intervalMs + marginMs;
    return {
      observe: (sign, nowMs) => {
        if (sign.kind !== 'heartbeat') return;
        // Who was silent for a whole window may have been paused: its numbers no longer fit the old clock.
        if (nowMs - lastMs > samples * intervalMs) shifts = keepIntervals(samples);
        shifts.add(nowMs - sign.sequence * intervalMs);
        newest = Math.max(newest, sign.sequence);
        lastMs = nowMs;
      },
      status: (nowMs) => {
        const dueMs = freshUntilMs();
        const grantedMs = intervalMs + marginMs;
        return { suspected: nowMs > dueMs, level: Math.max(0, (nowMs - dueMs + grantedMs) / grantedMs) };
      },
    };
  },
});
