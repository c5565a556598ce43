/** What stands behind `fault:`. Its keys depend on its type: a partition, for one, cuts all of its links and takes no percentage. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import { type Written, written } from '../../core/written.js';
import type { LinkFault } from '../../dataplane/faults/fault.js';
import type { ProcessFault } from '../../dataplane/faults/process-fault.js';
import { faultFields } from '../../dataplane/faults/spec.js';
import type { AnyFault, TopologyFault } from '../../dataplane/faults/topology-fault.js';
import { type SelectorText, selectorSchema } from './selector.js';
import { sweepSchema } from './sweep.js';
import { connectionsSchema, directionSchema, groupFields, linksTarget, resolveField, targetSchema } from './target.js';

const everyFault = {
  resolve: resolveField,
  duration: duration({ minMs: 1 }).meta({ description: 'how long the fault stays on, like 30s: every fault must have an end' }),
  lease: faultFields.lease,
  source: faultFields.source,
  pulse: faultFields.pulse,
  stagger: duration({ minMs: 1 })
    .optional()
    .meta({ description: 'on one instance after another, so long apart, each for the whole duration; all at once if omitted' }),
  minMatched: z
    .int()
    .min(1)
    .default(1)
    .meta({ description: 'requests, connections or processes that must have met the fault; fewer, and the run proves nothing' }),
};
const { type: _type, value: _value, lease: _lease, ...linkFields } = faultFields;
const linkFault = {
  ...everyFault,
  ...linkFields,
  target: targetSchema.meta({ description: 'the links it acts on' }),
  direction: directionSchema(),
  connections: connectionsSchema(),
  releaseAfter: z
    .string()
    .optional()
    .meta({ description: 'a step after which everything is let go that the fault holds; short for a `release` step' }),
  sweep: sweepSchema.optional().meta({ description: 'the fault at one severity after another, with rest between' }),
};
const topologyFault = {
  ...everyFault,
  ...groupFields,
  target: linksTarget.optional().meta({ description: 'the links it acts on; or say `among`' }),
};

const { source: _source, pulse: _pulse, ...everyProcessFault } = everyFault;
const processFault = { ...everyProcessFault, target: selectorSchema('whose processes it acts on') };

const anyFault = z.object({ ...linkFault, ...groupFields, target: linksTarget.optional(), type: z.string() }).partial({ percentage: true });
/** A fault step's `fault`, whatever its type. */
export type FaultText = z.output<typeof anyFault> & { value: Written; processesOf?: SelectorText | undefined };

/** Keys that make no sense for one type are refused with its reasons when the plan is made. */
function linkVariant(fault: LinkFault) {
  const value = written(fault.schema)
    .prefault({})
    .meta({ description: `parameters of ${fault.name}` });
  return z
    .strictObject({ ...linkFault, type: z.literal(fault.name), value })
    .transform(({ target: { direction, connections, ...target }, ...rest }, context) => {
      for (const [key, there] of Object.entries({ direction, connections })) {
        if (there === undefined || rest[key as 'direction'] === undefined) continue;
        context.addIssue({ code: 'custom', path: ['target', key], message: `expected ${key} once: it stands beside the target, too` });
      }
      return { ...rest, target, direction: rest.direction ?? direction, connections: rest.connections ?? connections };
    })
    .meta({ description: fault.summary });
}

function topologyVariant(fault: TopologyFault) {
  const own = Object.keys(fault.schema.shape);
  const defaults: Readonly<Record<string, unknown>> = fault.schema.safeParse({}).data ?? {};
  return z
    .strictObject({ ...fault.schema.shape, ...topologyFault, type: z.literal(fault.name) })
    .transform((given) => {
      const entries = Object.entries(given);
      const params = entries.filter(([key, value]) => own.includes(key) && value !== undefined);
      const written = Object.fromEntries(params.filter(([key, value]) => defaults[key] !== value));
      const rest = Object.fromEntries(entries.filter(([key]) => !own.includes(key)));
      return { ...rest, value: { written, params: Object.fromEntries(params) } };
    })
    .meta({ description: fault.summary });
}

function processVariant(fault: ProcessFault) {
  const value = written(fault.schema)
    .prefault({})
    .meta({ description: `parameters of ${fault.name}` });
  return z
    .strictObject({ ...processFault, type: z.literal(fault.name), value })
    .transform(({ target, ...rest }) => ({ ...rest, processesOf: target }))
    .meta({ description: fault.summary });
}

export function faultSchema(faults: Catalog<AnyFault>): z.ZodType<FaultText, unknown> {
  const variants = faults.all.map((fault) => {
    if (fault.protocol === 'topology') return topologyVariant(fault);
    return fault.protocol === 'process' ? processVariant(fault) : linkVariant(fault);
  });
  const union = z.discriminatedUnion('type', variants as unknown as [(typeof variants)[number], ...typeof variants]);
  // The variants are built from the catalog, so their union has no static type; every one of them has the keys of FaultText.
  return union as unknown as z.ZodType<FaultText, unknown>;
}
