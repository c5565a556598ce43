/**
 * Phi accrual as Cassandra has it: exponential, so the mean alone decides; intervals that are too long are forgotten, so that a partition does not
 * stretch it; and a checker that was itself asleep convicts nobody for a while. A reader would get wrong the threshold: phi must exceed it.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector } from './detector.js';
import { keepIntervals } from './intervals.js';
import { phiExponential } from './phi.js';

export const cassandraPhi = defineDetector({
  name: 'cassandraPhi',
  summary: 'Suspects like Cassandra: exponential phi, and no verdict right after a sleep of its own.',
  schema: z.strictObject({
    phiConvictThreshold: z.number().min(5).max(16).default(8).meta({ description: '`phi_convict_threshold`' }),
    fdInitialValue: duration({ minMs: 1 }).default(2_000).meta({ description: '`fd_initial_value_ms`: the first sample' }),
    fdMaxInterval: duration({ minMs: 1 }).default(2_000).meta({ description: '`fd_max_interval_ms`: longer ones are forgotten' }),
    maxLocalPause: duration({ minMs: 1 }).default(5_000).meta({ description: '`max_local_pause_in_ms`: a longer sleep makes it wait' }),
    samples: z.int().min(1).max(10_000).default(1_000).meta({ description: 'intervals remembered' }),
  }),
  example: { phiConvictThreshold: 8 },
  hears: ['heartbeat'],
  open: ({ phiConvictThreshold, fdInitialValue, fdMaxInterval, maxLocalPause, samples }, startMs) => {
    const intervals = keepIntervals(samples);
    intervals.add(fdInitialValue);
    let lastMs: number | undefined;
    let askedMs = startMs;
    let sleptMs = Number.NEGATIVE_INFINITY;
    return {
      observe: (sign, nowMs) => {
        if (sign.kind !== 'heartbeat') return;
        if (lastMs !== undefined && nowMs - lastMs <= fdMaxInterval) intervals.add(nowMs - lastMs);
        lastMs = nowMs;
      },
      status: (nowMs) => {
        if (nowMs - askedMs > maxLocalPause) sleptMs = nowMs;
        askedMs = nowMs;
        const phi = phiExponential(nowMs - (lastMs ?? startMs), intervals.rhythm().meanMs);
        const isAwake = nowMs - sleptMs >= maxLocalPause;
        return { suspected: isAwake && phi > phiConvictThreshold, level: phi / phiConvictThreshold };
      },
    };
  },
});
