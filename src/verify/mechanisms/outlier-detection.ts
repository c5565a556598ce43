/** Outlier detection in a balancer: an instance that does worse than it may, or than the others, gets no requests for a while. Envoy's words. */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { defineMechanism } from './mechanism.js';

const count = () => z.int().min(1).max(1_000_000);

export const outlierDetection = defineMechanism({
  name: 'outlierDetection',
  summary: 'Takes an instance out of rotation after errors in a row, or for a success rate that is far below the others’.',
  schema: z
    .strictObject({
      interval: duration({ minMs: 1 })
        .optional()
        .meta({ description: 'time between two sweeps, which judge rates and bring instances back' }),
      consecutive5xx: count().optional().meta({ description: '5xx answers in a row after which it is out' }),
      consecutiveGatewayErrors: count().optional().meta({ description: '502, 503 and 504 in a row after which it is out' }),
      consecutiveLocalOriginFailures: count()
        .optional()
        .meta({ description: 'failed connections and timeouts in a row after which it is out, where they are counted apart' }),
      successRateMinimumHosts: count()
        .optional()
        .meta({ description: 'instances with enough requests, without which rates are not compared' }),
      successRateRequestVolume: count().optional().meta({ description: 'requests in an interval that make an instance comparable' }),
      successRateStdevFactor: z
        .number()
        .gt(0)
        .max(100)
        .optional()
        .meta({ description: 'standard deviations below the mean at which it is out; 1.9 is Envoy’s 1900' }),
      failurePercentageThreshold: percentage()
        .optional()
        .meta({ description: 'share of failures at which it is out, whatever the others do' }),
      failurePercentageMinimumHosts: count()
        .optional()
        .meta({ description: 'instances with enough requests, without which it is not looked at' }),
      failurePercentageRequestVolume: count().optional().meta({ description: 'requests in an interval that make an instance count' }),
      baseEjectionTime: duration({ minMs: 1 })
        .optional()
        .meta({ description: 'how long it is out the first time; each time in a row adds as much' }),
      maxEjectionTime: duration({ minMs: 1 }).optional().meta({ description: 'how long at most' }),
      maxEjectionPercent: percentage().optional().meta({ description: 'share of the instances that may be out at a time' }),
      alwaysEjectOneHost: z.boolean().optional().meta({ description: 'one may always be out, whatever the share says' }),
      panicThreshold: percentage().optional().meta({ description: 'share of healthy instances below which all are used again' }),
    })
    .refine((settings) => Object.values(settings).some((value) => value !== undefined), {
      error: 'expected at least one setting, found none',
    })
    .refine(({ baseEjectionTime, maxEjectionTime = Number.POSITIVE_INFINITY }) => (baseEjectionTime ?? 0) <= maxEjectionTime, {
      path: ['maxEjectionTime'],
      error: 'expected no less than baseEjectionTime',
    }),
  example: { interval: '10s', consecutive5xx: 5, baseEjectionTime: '30s', maxEjectionPercent: 20 },
});
