/** Stops when a continuous probe has not been met for a time. Whether it is met counts by its thresholds, so one good answer need not end a bad row. */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import { defineStopCondition } from './stop-condition.js';

export const probe = defineStopCondition({
  name: 'probe',
  summary: 'Stops when a continuous probe has not been met for so long.',
  schema: z.strictObject({
    probe: z.string().meta({ description: 'a continuous probe' }),
    for: duration().meta({ description: 'stop when it has not been met for so long' }),
  }),
  example: { probe: 'shop-answers', for: '10s' },
  words: ({ probe: name, for: forMs }) => `${name} not met for ${formatMs(forMs)}`,
  probe: ({ probe: name }) => name,
  trips: ({ probe: name, for: forMs }, { nowMs, streak }) => {
    const { failingSinceMs, failures } = streak(name);
    if (failingSinceMs === undefined || nowMs - failingSinceMs < forMs) return undefined;
    return `not met ${failures} times, for ${formatMs(nowMs - failingSinceMs)}`;
  },
});
