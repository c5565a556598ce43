/** `steadyState:` — what must hold before, during and after; and probes as steps ask them. A probe’s own keys come from the probe catalog. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import type { Probe } from '../../orchestrator/probes/probe.js';
import { name } from './words.js';

/** How any probe is asked. */
const asked = {
  interval: duration({ minMs: 10 }).default(1_000).meta({ description: 'time between two questions' }),
  timeout: duration({ minMs: 1 }).default(2_000).meta({ description: 'a question undecided by then counts as not met' }),
  failureThreshold: z.int().min(1).max(10_000).default(3).meta({ description: 'results in a row that count as not met' }),
  successThreshold: z.int().min(1).max(10_000).default(1).meta({ description: 'results in a row that count as met again' }),
};
const ofSteadyState = {
  name: name().meta({ description: 'unique among the probes' }),
  mode: z.enum(['start', 'end', 'edge', 'continuous', 'onFault']).default('edge').meta({
    description: 'when it is asked: before the method, after it, both (edge), all the time, or again and again while a fault is on',
  }),
  ...asked,
};

export interface QuestionText {
  type: string;
  interval: number;
  timeout: number;
  failureThreshold: number;
  successThreshold: number;
  /** The rest of the keys, as the type's schema understands them. */
  params: Readonly<Record<string, unknown>>;
}
export interface ProbeText extends QuestionText {
  name: string;
  mode: z.output<typeof ofSteadyState.mode>;
}

/** One probe type: its own keys beside the common ones, in one strict object, so that errors and JSON Schema know them all. */
function variantOf(probe: Probe, common: z.ZodRawShape) {
  if (!(probe.schema instanceof z.ZodObject)) throw new Error(`the schema of probe ${probe.name} must be an object`);
  const own = Object.keys(probe.schema.shape);
  return z
    .strictObject({ ...common, type: z.literal(probe.name), ...probe.schema.shape })
    .transform((all) => ({ ...all, params: Object.fromEntries(own.map((key) => [key, (all as Readonly<Record<string, unknown>>)[key]])) }))
    .meta({ description: probe.summary });
}

/** A probe of one of the types, with these keys beside its own. The union is built from the catalog, so what it gives has no static type. */
function probeSchema<T extends QuestionText>(probes: Catalog<Probe>, common: z.ZodRawShape): z.ZodType<T, unknown> {
  const variants = probes.all.map((probe) => variantOf(probe, common));
  return z.discriminatedUnion('type', variants as unknown as [(typeof variants)[number], ...typeof variants]) as unknown as z.ZodType<T>;
}

/** A probe that is asked where it stands, so it has neither a name nor a mode. */
export function questionSchema<S extends z.ZodRawShape>(probes: Catalog<Probe>, more: S) {
  return probeSchema<QuestionText & z.output<z.ZodObject<S>>>(probes, { ...asked, ...more });
}

export function steadyStateSchema(probes: Catalog<Probe>) {
  return z.strictObject({
    baseline: duration().default(5_000).meta({ description: 'load without faults before the method: what normal looks like' }),
    settle: duration().default(5_000).meta({ description: 'load after healing, before the last look' }),
    probes: z.array(probeSchema<ProbeText>(probes, ofSteadyState)).max(100).default([]).meta({ description: 'questions with a tolerance' }),
  });
}
