/** `steadyState:` — what must hold before, during and after. A probe’s own keys come from the probe catalog. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import type { Probe } from '../../orchestrator/probes/probe.js';
import { name } from './words.js';

const common = {
  name: name().meta({ description: 'unique among the probes' }),
  mode: z.enum(['start', 'end', 'edge', 'continuous', 'onFault']).default('edge').meta({
    description: 'when it is asked: before the method, after it, both (edge), all the time, or again and again while a fault is on',
  }),
  interval: duration({ minMs: 10 }).default(1_000).meta({ description: 'time between two questions' }),
  timeout: duration({ minMs: 1 }).default(2_000).meta({ description: 'a question undecided by then counts as not met' }),
  failureThreshold: z.int().min(1).max(10_000).default(3).meta({ description: 'results in a row that count as not met' }),
  successThreshold: z.int().min(1).max(10_000).default(1).meta({ description: 'results in a row that count as met again' }),
};
const commonKeys: ReadonlySet<string> = new Set(Object.keys(common));

export interface ProbeText {
  name: string;
  type: string;
  mode: z.output<typeof common.mode>;
  interval: number;
  timeout: number;
  failureThreshold: number;
  successThreshold: number;
  /** The rest of the keys, as the type's schema understands them. */
  params: Readonly<Record<string, unknown>>;
}

/** One probe type: its own keys beside the common ones, in one strict object, so that errors and JSON Schema know them all. */
function probeVariant(probe: Probe) {
  if (!(probe.schema instanceof z.ZodObject)) throw new Error(`the schema of probe ${probe.name} must be an object`);
  return z
    .strictObject({ ...common, type: z.literal(probe.name), ...probe.schema.shape })
    .transform((all): ProbeText => {
      const params = Object.fromEntries(Object.entries(all).filter(([key]) => !commonKeys.has(key) && key !== 'type'));
      return { ...(all as unknown as ProbeText), params };
    })
    .meta({ description: probe.summary });
}

export function steadyStateSchema(probes: Catalog<Probe>) {
  const variants = probes.all.map(probeVariant);
  return z.strictObject({
    baseline: duration().default(5_000).meta({ description: 'load without faults before the method: what normal looks like' }),
    settle: duration().default(5_000).meta({ description: 'load after healing, before the last look' }),
    probes: z
      .array(z.discriminatedUnion('type', variants as unknown as [(typeof variants)[number], ...typeof variants]))
      .max(100)
      .default([])
      .meta({ description: 'questions with a tolerance' }),
  });
}
