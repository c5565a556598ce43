/** The shape of what a run tells, as it comes over the wire: everything in it is bounded, and an event that the journal could not hold is refused. */
import { z } from 'zod';
import { objectionTo } from '../../journal/event-shape.js';
import { readObservation } from '../../orchestrator/fleet/read-observation.js';
import type { LiveFleet, LiveVerdicts, RunNews } from './contract.js';

const EVENTS_MAX = 2_000;
const SECONDS_MAX = 2_000;
const TRAFFIC: ReadonlySet<unknown> = new Set(['exchange', 'connection', 'trafficSum']);

const name = z.string().min(1).max(500);
const count = z.number().min(0);
const ms = z.number().min(0).nullable();
const second = z.strictObject({
  link: name,
  second: z.int(),
  requests: count,
  errors: count,
  faulted: count,
  answers2xx: count,
  answers3xx: count,
  answers4xx: count,
  answers5xx: count,
  p50Ms: ms,
  p90Ms: ms,
  p99Ms: ms,
  bytesUp: count,
  bytesDown: count,
  connections: count.nullable(),
});

const state = z.enum(['open', 'pass', 'fail', 'inconclusive', 'error']);
const verdicts = z.strictObject({
  atMs: z.number(),
  final: z.strictObject({ verdict: state, exitCode: z.int(), reason: z.string().nullable() }).nullable(),
  findings: z
    .array(z.strictObject({ name, check: name, severity: z.enum(['fail', 'warn']), state, summary: z.string().max(5_000) }))
    .max(1_000),
  lanes: z
    .array(
      z.strictObject({
        subject: z.string().max(1_000),
        kind: z.enum(['breaker', 'ejection', 'suspicion']),
        segments: z.array(z.strictObject({ state: z.string().max(100), fromMs: z.number(), toMs: z.number() })).max(200),
      }),
    )
    .max(200),
}) satisfies z.ZodType<LiveVerdicts>;

const names = z.array(name).max(10_000);
const instant = z.number();
const lost = z.strictObject({ reason: z.string().max(2_000), atMs: instant }).nullable();
const clock = z.strictObject({ offsetMs: instant, boundMs: instant }).nullable();
const observations = z.strictObject({ taken: count, lost: count, heardMs: instant.nullable(), behindMs: count });
const member = z.strictObject({
  lost,
  clock,
  instances: names,
  links: names,
  faults: names,
  ordered: z.int(),
  applied: z.int(),
  observations,
});
const agent = z.strictObject({
  name,
  labels: z.record(z.string().max(500), z.string().max(500)),
  host: name,
  version: name,
  isDraining: z.boolean(),
  heldBy: name.nullable(),
  member: member.nullable(),
});
const fault = z.strictObject({
  id: name,
  run: name,
  type: name,
  proxies: names,
  isOn: z.boolean(),
  percentage: z.number(),
  endsInMs: ms,
  matched: count,
  applied: count,
  skipped: count,
  held: count,
  by: name.exactOptional(),
});
const fleet = z.strictObject({
  agents: z.array(agent).max(500),
  agentsTotal: z.int().min(0),
  faults: z.array(fault).max(1_000),
}) satisfies z.ZodType<LiveFleet>;

const faultChange = z
  .looseObject({ kind: z.literal('fault') })
  .refine((change) => readObservation(change) !== undefined, 'expected a change of a fault');

const event = z.looseObject({ n: z.int().min(1), atMs: z.number(), type: z.string() }).check((ctx) => {
  const objection = TRAFFIC.has(ctx.value.type) ? 'is traffic: tell its sums' : objectionTo(ctx.value);
  if (objection !== undefined) ctx.issues.push({ code: 'custom', input: ctx.value, message: `the event ${objection}` });
});

const schema = z.strictObject({
  epoch: z.int().min(1),
  events: z.array(event).max(EVENTS_MAX),
  seconds: z.array(second).max(SECONDS_MAX),
  faultChanges: z.array(faultChange).max(1_000).default([]),
  fleet: fleet.nullable().default(null),
  verdicts: verdicts.nullable(),
  lost: z.int().min(0),
});

/** What comes out is `RunNews`: the events have been held against the journal's own shapes. */
export const runNewsSchema = schema.transform((news) => news as unknown as RunNews);
