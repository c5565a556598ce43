/** `method:` — the steps. What a fault step may say depends on its type: a partition, for one, cuts all of its links and takes no percentage. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import { type Written, written } from '../../core/written.js';
import type { AnyFault } from '../../dataplane/faults/fault.js';
import { faultFields, faultReleaseSchema } from '../../dataplane/faults/spec.js';
import { name, oneOrMore } from './words.js';

const target = z.strictObject({
  from: z.string().meta({ description: 'caller: SERVICE (all its instances), SERVICE/INSTANCE, or *' }),
  to: z.string().meta({ description: 'callee: SERVICE (all its instances), SERVICE/INSTANCE, or *' }),
});

const everyFault = {
  target: target.meta({ description: 'the links it acts on' }),
  value: z.unknown(),
  duration: duration({ minMs: 1 }).meta({ description: 'how long the fault stays on, like 30s: every fault must have an end' }),
  lease: faultFields.lease,
  source: faultFields.source,
  pulse: faultFields.pulse,
  minMatched: z
    .int()
    .min(1)
    .default(1)
    .meta({ description: 'requests or connections that must have met the fault; fewer, and the run proves nothing' }),
};
const { type: _type, value: _value, lease: _lease, ...linkFields } = faultFields;
const linkFault = { ...everyFault, ...linkFields };

/** The keys that a fault of each protocol may have. Those that make no sense for one type are refused with its reasons when the plan is made. */
const FIELDS = { topology: everyFault, tcp: linkFault, http: linkFault, tls: linkFault } as const;

const anyFault = z
  .object({ ...FIELDS.http, type: z.string() })
  .partial({ direction: true, connections: true, percentage: true, keyBy: true });
/** A fault step's `fault`, whatever its type. */
export type FaultText = Omit<z.output<typeof anyFault>, 'value'> & { value: Written };

function faultVariant(fault: AnyFault) {
  return z
    .strictObject({
      ...FIELDS[fault.protocol],
      type: z.literal(fault.name),
      value: written(fault.schema)
        .prefault({})
        .meta({ description: `parameters of ${fault.name}` }),
    })
    .meta({ description: fault.summary });
}

const release = z.strictObject({
  step: z.string().meta({ description: 'the fault step whose fault holds messages' }),
  count: faultReleaseSchema.shape.count,
});

export interface StepText {
  name: string;
  startAfter: string[];
  wait?: number | undefined;
  fault?: FaultText | undefined;
  release?: z.output<typeof release> | undefined;
}

export function stepSchema(faults: Catalog<AnyFault>) {
  const variants = faults.all.map(faultVariant);
  const fault = z.discriminatedUnion('type', variants as unknown as [(typeof variants)[number], ...typeof variants]);
  const step = z
    .strictObject({
      name: name().meta({ description: 'unique among the steps' }),
      startAfter: oneOrMore(z.string())
        .default([])
        .meta({ description: 'steps that must have ended first; omitted: starts with the method' }),
      wait: duration().optional().meta({ description: 'do nothing for so long' }),
      fault: fault.optional().meta({ description: 'a fault of the catalog, on some links, for some time' }),
      release: release.optional().meta({ description: 'let go on what a fault holds, while it is on' }),
    })
    .refine(
      (given) => [given.wait, given.fault, given.release].filter((action) => action !== undefined).length === 1,
      'expected exactly one of fault, release, wait',
    );
  // The variants are built from the catalog, so their union has no static type; every one of them has the keys of FaultText.
  return step as unknown as z.ZodType<StepText, unknown>;
}
