/** `agents:` — on which hosts of a fleet instances are, by what agents say of themselves. */
import { z } from 'zod';
import { percentage } from '../../core/units.js';
import { name, oneOrMore } from './words.js';

export const agentsSchema = z
  .strictObject({
    name: oneOrMore(name()).optional().meta({ description: 'agents by name' }),
    label: z
      .record(name(), z.string())
      .optional()
      .meta({ description: 'agents that have all of these labels; instances placed by one have it, too' }),
    count: z.int().min(1).max(10_000).optional().meta({ description: 'so many of those that fit, drawn by the seed' }),
    percentage: percentage().optional().meta({ description: 'such a share of those that fit, drawn by the seed, rounded up' }),
  })
  .refine(({ count, percentage: share }) => count === undefined || share === undefined, {
    error: 'expected count or percentage, found both',
  })
  .meta({ description: 'hosts of a fleet, like {label: {zone: b}, percentage: 30}; instances of a service take turns over them' });
export type AgentsText = z.output<typeof agentsSchema>;
