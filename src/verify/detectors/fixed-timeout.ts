/** Heartbeats with a fixed time-out: what most systems have. One figure decides both how soon a crash is seen and how often a pause looks like one. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector, silence } from './detector.js';

export const fixedTimeout = defineDetector({
  name: 'fixedTimeout',
  summary: 'Suspects after a fixed time without a heartbeat.',
  schema: z.strictObject({ timeout: duration({ minMs: 1 }).meta({ description: 'silence longer than this is suspicious' }) }),
  example: { timeout: '3s' },
  hears: ['heartbeat'],
  open: ({ timeout: timeoutMs }, startMs) => {
    let lastMs = startMs;
    return {
      observe: (sign, nowMs) => {
        if (sign.kind === 'heartbeat') lastMs = nowMs;
      },
      status: (nowMs) => silence(nowMs - lastMs, timeoutMs),
    };
  },
});
