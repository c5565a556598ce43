/**
 * A fault as the daemon is told of it, and the parts of that form which the experiment language shares. What is special to one type of
 * fault stands under `value` and is checked by that type's own schema.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { pulseSchema, rampSchema } from './envelope.js';
import { problemOf } from './json-path.js';
import { excludeSchema, matchSchema } from './match.js';
import { sourceSchema } from './source.js';

/** A place in a count. */
const ordinal = () => z.int().min(1).max(1e9);

/** Keys of a fault that mean the same in YAML and in the API. */
export const faultFields = {
  type: z.string().meta({ description: 'a fault of the catalog, like abort' }),
  direction: z
    .enum(['up', 'down', 'both'])
    .optional()
    .meta({ description: 'up: caller → callee; down: callee → caller; the fault’s own default if omitted' }),
  connections: z
    .enum(['all', 'new', 'existing'])
    .default('all')
    .meta({ description: 'connections opened before or after the fault was added' }),
  source: sourceSchema.optional(),
  match: matchSchema.optional().meta({ description: 'http only: requests that the fault looks at; all if omitted' }),
  exclude: excludeSchema.optional().meta({
    description: 'http only: requests it leaves alone, whatever `match` says; `probes` stands for health and readiness checks',
  }),
  percentage: percentage().default(100).meta({ description: 'share of what matches that is faulted, 0…100' }),
  keyBy: z
    .string()
    .regex(
      /^(request|connection|instance|header:[A-Za-z0-9-]+|jsonpath:.+)$/,
      'expected request, connection, instance, header:NAME or jsonpath:$.x',
    )
    .superRefine((key, context) => {
      const problem = key.startsWith('jsonpath:') ? problemOf(key.slice('jsonpath:'.length)) : undefined;
      if (problem !== undefined)
        context.addIssue({ code: 'custom', message: `expected a JSONPath behind jsonpath:, like $.customer.id; ${problem}` });
    })
    .optional()
    .meta({
      description:
        'what the percentage is a share of: request (default for http), connection (default for tcp), instance, header:NAME, jsonpath:$.x (of the request’s body)',
    }),
  cohort: z.string().min(1).max(200).optional().meta({
    description: 'faults of one seed and one cohort choose the same victims; a fault’s own if omitted: in a run its step, else its id',
  }),
  ramp: rampSchema.optional(),
  pulse: pulseSchema.optional(),
  first: ordinal()
    .optional()
    .meta({ description: 'only the first N of what matches; all counts are by `keyBy`, together if it is omitted' }),
  nth: ordinal().optional().meta({ description: 'only the Nth of what matches' }),
  every: ordinal().optional().meta({ description: 'only every Nth of what matches: the Nth, the 2Nth …' }),
  maxActive: ordinal()
    .optional()
    .meta({ description: 'no more than N at a time; what is chosen beyond it goes by and is counted as overflow' }),
  value: z.unknown().optional().meta({ description: 'parameters of the fault type' }),
  lease: duration({ minMs: 500, maxMs: 600e3 })
    .default(10_000)
    .meta({ description: 'the fault ends by itself when nobody renews it for so long' }),
};

/** Ids of faults that came by the Toxiproxy API begin with this, so that no run can choose the same. */
export const RESERVED_ID_PREFIX = 'toxic:';

/** One fault over one or more proxies, as the control API takes it. */
export const faultSpecSchema = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(200)
    .refine((id) => !id.startsWith(RESERVED_ID_PREFIX), `ids that begin with ${RESERVED_ID_PREFIX} are the Toxiproxy API's`)
    .meta({ description: 'unique in the daemon' }),
  proxies: z.array(z.string()).min(1).max(10_000).meta({ description: 'names of the proxies it acts on' }),
  ...faultFields,
  duration: duration({ minMs: 1 }).optional().meta({ description: 'absolute cap, whatever is renewed' }),
  dataOnly: z.boolean().optional().meta({ description: 'tcp only: begin and end of the stream go by, only what is between is faulted' }),
  seed: z.int().default(0).meta({ description: 'seed of the keyed decisions' }),
});
export type FaultSpecInput = z.input<typeof faultSpecSchema>;
export type FaultSpec = z.output<typeof faultSpecSchema>;

/** Who puts faults on where no run does. */
export const BY_HAND = 'by-hand';

/** What of a fault that is on can be changed. */
export const faultChangeSchema = z.strictObject({
  run: z.string().min(1).max(200).default(BY_HAND).meta({ description: 'who asks' }),
  epoch: z.int().min(1).optional().meta({ description: 'as for injecting' }),
  percentage: percentage().optional().meta({ description: 'ends a ramp' }),
  value: z.unknown().optional().meta({ description: 'all parameters of the fault type, not only those that differ' }),
});
export type FaultChangeRequest = z.output<typeof faultChangeSchema>;

/** Which of the messages that a fault holds may go on. */
export const faultReleaseSchema = z.strictObject({
  run: faultChangeSchema.shape.run,
  epoch: faultChangeSchema.shape.epoch,
  count: z.int().min(1).max(1e9).optional().meta({ description: 'so many, those that have waited longest; all if omitted' }),
});
export type FaultReleaseRequest = z.output<typeof faultReleaseSchema>;

/** The faults of one command: accepted and started together, or refused together. */
export const injectSchema = z.strictObject({
  run: z.string().min(1).max(200),
  epoch: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'fencing number of the run: one older than the newest seen is refused; left out by a person at the keyboard' }),
  faults: z.array(faultSpecSchema).min(1).max(1_000),
});
export type Inject = z.output<typeof injectSchema>;
