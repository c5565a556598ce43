/** `topology.roles` — what an instance may be at a time and another at another, like a leader: who holds a role is found by asking each, by probes that can. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import type { Probe, RoleQuestion } from '../../orchestrator/probes/probe.js';

export interface RoleText {
  service: string;
  probe: {
    type: string;
    timeout: number;
    /** What the probe's question made of the text. */
    question: Readonly<Record<string, unknown>>;
  };
  within: number;
}

const timeout = duration({ minMs: 10 }).default(1_000).meta({ description: 'how long an instance may take to answer; later is a no' });

function variant({ name, summary }: Probe, { schema }: RoleQuestion) {
  return z
    .strictObject({ type: z.literal(name), timeout, ...schema.shape })
    .transform(({ type, timeout: timeoutMs, ...question }) => ({ type, timeout: timeoutMs, question }))
    .meta({ description: summary });
}

export function roleSchema(probes: Catalog<Probe>): z.ZodType<RoleText, unknown> {
  const variants = probes.all.flatMap((probe) => (probe.role === undefined ? [] : [variant(probe, probe.role)]));
  const probe = z.discriminatedUnion('type', variants as unknown as [(typeof variants)[number], ...typeof variants]);
  const role = z.strictObject({
    service: z.string().meta({ description: 'the service whose instances are asked' }),
    probe: probe.meta({ description: 'the question, and the answer of who holds the role' }),
    within: duration({ minMs: 100 }).default(10_000).meta({ description: 'how long somebody is looked for, where nobody holds it yet' }),
  });
  // The variants are built from the catalog, so their union has no static type; every one of them has the keys of RoleText.
  return role as unknown as z.ZodType<RoleText, unknown>;
}
