/**
 * nginx: `max_fails` counts failures of which each came within `fail_timeout` of the one before, whatever succeeded in between; it is no
 * sliding window. Without a `zone` each worker counts and tries by itself.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { Models } from './models.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  maxFails: z.int().min(0).default(1).meta({ description: '`max_fails`: failures that take a server out; 0 is off' }),
  failTimeout: duration({ minMs: 1 }).default(10_000).meta({ description: '`fail_timeout`: between failures that count, and time out' }),
  workers: z.int().min(1).default(1).meta({ description: 'worker processes, each with its own count; 1 where there is a `zone`' }),
  nextUpstreamTries: z.int().min(0).default(0).meta({ description: '`proxy_next_upstream_tries`; 0 is one for each server' }),
});

export const nginx = definePreset({
  name: 'nginx',
  summary: 'Take a server out by max_fails and fail_timeout, and go to the next, like nginx.',
  schema,
  example: { maxFails: 3, failTimeout: '10s' },
  models: ({ maxFails, failTimeout, workers, nextUpstreamTries }) => {
    const attemptsMax = nextUpstreamTries === 0 ? Number.POSITIVE_INFINITY : nextUpstreamTries;
    const models: Models = { retry: { attemptsMax, honoursRetryAfter: false, methods: 'idempotent' } };
    if (maxFails === 0) return models;
    return {
      ...models,
      ejection: {
        triggers: [{ kind: 'gaps', failures: maxFails, withinMs: failTimeout }],
        penalty: { kind: 'pauses', law: { kind: 'fixed', ms: failTimeout } },
        // It counts whole seconds, and looks only when somebody asks.
        tickMs: 1_000,
        readmission: { kind: 'trials', requests: workers },
        whenAllAreBad: 'refuses',
      },
    };
  },
});
