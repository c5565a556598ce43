/** Caddy 2, passive health checks: a count of failures that leaks. A success forgives nothing, and each failure that runs out frees one request. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { EjectionModel } from './models.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  failDuration: duration().default(0).meta({ description: '`fail_duration`: how long a failure is remembered; 0 is off' }),
  maxFails: z.int().min(1).default(1).meta({ description: '`max_fails`: remembered failures from which on an upstream is out' }),
});

export const caddy = definePreset({
  name: 'caddy',
  summary: 'Take an upstream of Caddy 2 out by passive health checks of reverse_proxy.',
  schema,
  example: { failDuration: '30s', maxFails: 3 },
  models: ({ failDuration, maxFails }) => {
    if (failDuration === 0) return {};
    const ejection: EjectionModel = {
      triggers: [{ kind: 'leaky', failures: maxFails, forgottenAfterMs: failDuration }],
      penalty: { kind: 'pauses', law: { kind: 'fixed', ms: failDuration } },
      tickMs: 0,
      readmission: { kind: 'trials', requests: 1 },
      whenAllAreBad: 'refuses',
    };
    return { ejection };
  },
});
