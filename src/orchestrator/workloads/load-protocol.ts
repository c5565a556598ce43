/**
 * What the load generator's process and its parent say to each other, one JSON object a line. Parent → child on stdin: the configuration first,
 * then orders, of which `stop` is the last. Child → parent on stdout: one line when it has begun, batches of exchanges, and one summary as the last line.
 */
import { z } from 'zod';
import type { Exchange } from '../../journal/observations.js';
import type { AnswerExpectation } from '../probes/answer-expectation.js';
import type { AnswerMarker } from '../probes/answer-marker.js';

/** Requests in flight at the same time; one that falls due beyond it is not sent, and recorded as a time-out. */
const IN_FLIGHT_MAX = 5_000;

const request = z.object({
  name: z.string(),
  weight: z.number().nonnegative(),
  method: z.string(),
  path: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  expect: z.custom<AnswerExpectation>().optional(),
  standIn: z.custom<AnswerMarker>().optional(),
});

const scenario = z.object({
  /** Unique in the load. */
  name: z.string(),
  /** Several targets take turns. */
  targets: z.array(z.object({ instance: z.string(), address: z.string() })).min(1),
  /** A member of the catalog of load models, and what its schema made of the plan's text. */
  model: z.object({ name: z.string(), params: z.unknown() }),
  data: z.object({ file: z.string(), order: z.enum(['sequence', 'random']) }).optional(),
  requests: z.array(request).min(1),
});

/** A `PlannedLoad` fits in as it is, with `seed` and `targets` added. */
export const loadConfigSchema = z.object({
  seed: z.number().int(),
  /** Requests of this first while are sent and observed, but left out of the percentiles. */
  warmUpMs: z.number().nonnegative(),
  /** From the intended start; then the request is given up. */
  timeoutMs: z.number().positive(),
  /** Keep-alive connections to each target; a request beyond waits for one, and its waiting counts. */
  connectionsMax: z.number().int().positive(),
  /** Headers that are noted of the requests and of their answers; names in small letters. */
  observe: z.object({ headers: z.array(z.string()), answerHeaders: z.array(z.string()) }).optional(),
  inFlightMax: z.number().int().positive().default(IN_FLIGHT_MAX),
  scenarios: z.array(scenario).min(1),
});

export type LoadConfig = z.output<typeof loadConfigSchema>;
export type LoadConfigInput = z.input<typeof loadConfigSchema>;
export type LoadScenario = z.output<typeof scenario>;
export type LoadRequest = z.output<typeof request>;

const scenarioName = z.string().optional();

/** What the parent may ask for while the load goes on; an order without a scenario is for all of them. */
export const loadOrderSchema = z.discriminatedUnion('order', [
  z.object({ order: z.literal('level'), level: z.number().nonnegative(), scenario: scenarioName }),
  z.object({ order: z.literal('pause'), scenario: scenarioName }),
  z.object({ order: z.literal('resume'), scenario: scenarioName }),
  z.object({ order: z.literal('stop') }),
]);
export type LoadOrder = z.output<typeof loadOrderSchema>;

const summary = z.strictObject({
  /** Requests that fell due: `answered` + `failed`. */
  sent: z.number(),
  /** Whole answers, whatever their status. */
  answered: z.number(),
  failed: z.number(),
  /** Part of `failed`: due while `inFlightMax` others were in flight, and therefore never sent. */
  notSent: z.number(),
  /** Of the requests whose answers something was expected of; left out where there were none. */
  expected: z.strictObject({ met: z.number(), unmet: z.number() }).optional(),
  /** Exchanges that the parent did not take in time. */
  lost: z.number(),
  /** How late the latest request left, after its intended start. Figures are honest all the same; a large one means a busy machine. */
  lateMsMax: z.number(),
  /** Intended start to end of the answer, after the warm-up; time-outs count with the time waited, other failures not at all. Empty without samples. */
  percentilesMs: z.record(z.string(), z.number()),
  /** What a reader of the figures has to know: nothing was sent, or not all that was due. */
  notes: z.array(z.string()),
});

/** Figures of a whole load, measured from intended starts and so free of coordinated omission. */
export type LoadSummary = z.output<typeof summary>;

export const loadLineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begun') }),
  // Our own program wrote it, thousands a second: the exchanges are not checked one by one.
  z.object({ type: z.literal('exchanges'), exchanges: z.array(z.custom<Exchange>()) }),
  z.object({ type: z.literal('ended'), summary }),
]);

export type LoadLine = z.output<typeof loadLineSchema>;
