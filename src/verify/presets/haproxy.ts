/**
 * HAProxy: servers marked down by observed errors (`observe layer7`) and brought back by active checks. A reader would get wrong the default
 * `on-error fail-check`: passing checks forgive, so it takes 30 errors in a row between two of them.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { EjectionTrigger } from './models.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  errorLimit: z.int().min(1).default(10).meta({ description: '`error-limit`: errors in a row' }),
  onError: z
    .enum(['fastinter', 'fail-check', 'sudden-death', 'mark-down'])
    .default('fail-check')
    .meta({ description: '`on-error`: what they lead to' }),
  inter: duration({ minMs: 1 }).default(2_000).meta({ description: 'time between active checks' }),
  downinter: duration({ minMs: 1 }).optional().meta({ description: 'the same while it is down; `inter` if omitted' }),
  fall: z.int().min(1).default(3).meta({ description: 'failed checks until it is down' }),
  rise: z.int().min(1).default(2).meta({ description: 'passed checks until it is up' }),
  slowstart: duration().default(0).meta({ description: 'ramp of its weight afterwards' }),
  retries: z.int().min(0).default(3).meta({ description: 'repeated connection attempts' }),
});
type Settings = z.output<typeof schema>;

export const haproxy = definePreset({
  name: 'haproxy',
  summary: 'Mark a server down by observed errors, and up by active checks, like HAProxy.',
  schema,
  example: { errorLimit: 10, onError: 'mark-down', inter: '2s', rise: 2 },
  models: (settings) => {
    const { inter, downinter = inter, rise, slowstart, retries } = settings;
    const retry = {
      attemptsMax: 1 + retries,
      pause: { kind: 'fixed', ms: 1_000 },
      honoursRetryAfter: false,
      methods: 'idempotent',
    } as const;
    const trigger = triggerOf(settings);
    if (trigger === undefined) return { retry };
    return {
      ejection: {
        triggers: [trigger],
        penalty: { kind: 'whileProbesFail', everyMs: downinter, passes: rise },
        tickMs: 0,
        readmission: slowstart > 0 ? { kind: 'ramp', lengthMs: slowstart } : { kind: 'fullShare' },
        whenAllAreBad: 'refuses',
      },
      retry,
    };
  },
});

/** Health is a number: how far one round of errors pushes it down is what `on-error` says, and a passing check within `inter` pushes it back. */
function triggerOf({ errorLimit, onError, inter, fall }: Settings): EjectionTrigger | undefined {
  switch (onError) {
    case 'fastinter':
      return undefined;
    case 'mark-down':
      return { kind: 'consecutive', failures: errorLimit };
    case 'sudden-death':
      return { kind: 'consecutive', failures: 2 * errorLimit, withinMs: inter };
    case 'fail-check':
      return { kind: 'consecutive', failures: fall * errorLimit, withinMs: inter };
  }
}
