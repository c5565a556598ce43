/**
 * The lease of a Kubernetes node: the kubelet renews it, and a controller that comes by every few seconds holds a node for lost when the last
 * renewal is older than the grace period. So up to one round is added to the grace, in detecting and in trusting again.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector, type Suspicion, silence } from './detector.js';

export const nodeLease = defineDetector({
  name: 'nodeLease',
  summary: 'Suspects a node whose lease is older than the grace period when the controller comes by.',
  schema: z.strictObject({
    monitorPeriod: duration({ minMs: 1 }).default(5_000).meta({ description: '`--node-monitor-period`: how often the controller looks' }),
    gracePeriod: duration({ minMs: 1 }).default(50_000).meta({ description: '`--node-monitor-grace-period`: 50s, 40s before 1.32' }),
  }),
  example: { gracePeriod: '40s' },
  hears: ['heartbeat'],
  open: ({ monitorPeriod: periodMs, gracePeriod: graceMs }, startMs) => {
    let renewedMs = startMs;
    let lookedMs = startMs;
    let seen: Suspicion = { suspected: false, level: 0 };
    /** What the controller saw when it last came by, up to now. */
    const look = (nowMs: number): void => {
      const roundMs = startMs + Math.floor((nowMs - startMs) / periodMs) * periodMs;
      if (roundMs <= lookedMs) return;
      lookedMs = roundMs;
      seen = silence(roundMs - renewedMs, graceMs);
    };
    return {
      observe: (sign, nowMs) => {
        if (sign.kind !== 'heartbeat') return;
        look(nowMs);
        renewedMs = nowMs;
      },
      status: (nowMs) => {
        look(nowMs);
        return seen;
      },
    };
  },
});
