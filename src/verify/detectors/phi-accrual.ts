/**
 * Phi accrual as its authors wrote it: the rhythm of the heartbeats heard so far says how unlikely the present silence is. A reader would get wrong
 * that it knows from the start: until the second heartbeat it has the first estimate only.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector } from './detector.js';
import { keepIntervals } from './intervals.js';
import { phiNormal } from './phi.js';

export const phiAccrual = defineDetector({
  name: 'phiAccrual',
  summary: 'Suspects when a silence is unlikely by the rhythm heard so far (phi accrual, normal distribution).',
  schema: z.strictObject({
    threshold: z.number().positive().default(8).meta({ description: 'phi from which it suspects' }),
    interval: duration({ minMs: 1 }).default(1_000).meta({ description: 'first estimate of the time between heartbeats' }),
    samples: z.int().min(1).max(10_000).default(1_000).meta({ description: 'intervals remembered' }),
    deviationMin: duration({ minMs: 0.001 }).default(100).meta({ description: 'the deviation is taken for no smaller' }),
  }),
  example: { threshold: 8, interval: '1s' },
  hears: ['heartbeat'],
  open: ({ threshold, interval, samples, deviationMin: deviationMinMs }, startMs) => {
    const intervals = keepIntervals(samples);
    intervals.add(interval);
    let lastMs = startMs;
    const phi = (nowMs: number): number => {
      const { meanMs, deviationMs } = intervals.rhythm();
      return phiNormal(nowMs - lastMs, { meanMs, deviationMs: Math.max(deviationMs, deviationMinMs) });
    };
    return {
      observe: (sign, nowMs) => {
        if (sign.kind !== 'heartbeat') return;
        // The silence of an outage says nothing about the rhythm in good times.
        if (phi(nowMs) < threshold && nowMs > lastMs) intervals.add(nowMs - lastMs);
        lastMs = nowMs;
      },
      status: (nowMs) => {
        const level = phi(nowMs) / threshold;
        return { suspected: level >= 1, level };
      },
    };
  },
});
