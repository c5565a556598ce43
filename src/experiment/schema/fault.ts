/** What stands behind `fault:`. Its keys depend on its type: a partition, for one, cuts all of its links and takes no percentage. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import { type Written, written } from '../../core/written.js';
import type { AnyFault } from '../../dataplane/faults/fault.js';
import { faultFields } from '../../dataplane/faults/spec.js';

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

export function faultSchema(faults: Catalog<AnyFault>): z.ZodType<FaultText, unknown> {
  const variants = faults.all.map(faultVariant);
  const union = z.discriminatedUnion('type', variants as unknown as [(typeof variants)[number], ...typeof variants]);
  // The variants are built from the catalog, so their union has no static type; every one of them has the keys of FaultText.
  return union as unknown as z.ZodType<FaultText, unknown>;
}
