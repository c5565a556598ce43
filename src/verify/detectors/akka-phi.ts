/**
 * Phi accrual as Akka and Pekko clusters have it: a logistic approximation, a pause that is always acceptable, and a history in whole
 * milliseconds that no gap of an unavailable node gets into. Before the first heartbeat nothing is suspected, however long it takes.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector } from './detector.js';
import { type Intervals, keepIntervals } from './intervals.js';
import { phiLogistic } from './phi.js';

const schema = z.strictObject({
  threshold: z.number().positive().default(8).meta({ description: '`threshold`: phi from which a node is unavailable' }),
  heartbeatInterval: duration({ minMs: 4 }).default(1_000).meta({ description: '`heartbeat-interval`, the first estimate too' }),
  maxSampleSize: z.int().min(2).max(10_000).default(1_000).meta({ description: '`max-sample-size`' }),
  minStdDeviation: duration({ minMs: 0.001 }).default(100).meta({ description: '`min-std-deviation`' }),
  acceptableHeartbeatPause: duration().default(3_000).meta({ description: '`acceptable-heartbeat-pause`' }),
});
type Settings = z.output<typeof schema>;

/** Two samples, a quarter of the estimate below and above it, in whole milliseconds. */
function firstGuess({ heartbeatInterval, maxSampleSize }: Settings): Intervals {
  const quarterMs = Math.floor(heartbeatInterval / 4);
  const intervals = keepIntervals(maxSampleSize);
  intervals.add(heartbeatInterval - quarterMs);
  intervals.add(heartbeatInterval + quarterMs);
  return intervals;
}

export const akkaPhi = defineDetector({
  name: 'akkaPhi',
  summary: 'Suspects like an Akka cluster: logistic phi with an acceptable pause.',
  schema,
  example: { threshold: 8, acceptableHeartbeatPause: '3s' },
  hears: ['heartbeat'],
  open: (settings) => {
    const { threshold, minStdDeviation, acceptableHeartbeatPause } = settings;
    const intervals = firstGuess(settings);
    let lastMs: number | undefined;
    const phi = (nowMs: number): number => {
      if (lastMs === undefined) return 0;
      const { meanMs, deviationMs } = intervals.rhythm();
      const rhythm = { meanMs: meanMs + acceptableHeartbeatPause, deviationMs: Math.max(deviationMs, minStdDeviation) };
      return phiLogistic(nowMs - lastMs, rhythm);
    };
    return {
      observe: (sign, nowMs) => {
        if (sign.kind !== 'heartbeat') return;
        if (lastMs !== undefined && phi(nowMs) < threshold) intervals.add(Math.floor(nowMs - lastMs));
        lastMs = nowMs;
      },
      status: (nowMs) => {
        const level = phi(nowMs) / threshold;
        return { suspected: level >= 1, level };
      },
    };
  },
});
