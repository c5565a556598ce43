/**
 * The JSON report as a schema: what a program may rely on. Keys are added but never renamed or given another meaning. All times are
 * milliseconds since the run's start, to a thousandth; what has no value is `null`.
 */
import { z } from 'zod';

export const REPORT_FORMAT = 'faultlab-report/1';

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'error']);
const count = z.int().min(0);
const ms = z.number();
const eventNumber = z.int().min(1);

const toMs = ms.nullable().meta({ description: 'null: its end was not seen' });
const window = { fromMs: ms, toMs };

const measurement = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string()]).nullable().meta({ description: 'null: not seen' }),
  unit: z.enum(['ms', 'requests', 'ratio', 'count', '']).optional(),
  interval: z
    .tuple([z.number().nullable(), z.number().nullable()])
    .optional()
    .meta({ description: 'of confidence or resolution, in the same unit' }),
  samples: count.optional(),
  limit: z.string().optional().meta({ description: 'the promise, as a person would say it: <= 4s' }),
  met: z.boolean().nullable().optional().meta({ description: 'null: nothing to judge by' }),
});

const lane = z.object({
  subject: z.string(),
  kind: z.string(),
  segments: z.array(z.object({ state: z.string(), ...window })),
});

const curve = z.object({
  subject: z.string(),
  of: z.string().meta({ description: 'what grew from level to level: percentage, or a parameter that is a duration' }),
  withinMs: ms.meta({ description: 'promised of the levels that must be noticed' }),
  points: z
    .array(
      z.object({
        step: z.string(),
        value: z.number().meta({ description: 'per cent, or milliseconds' }),
        text: z.string(),
        noticed: z.boolean().nullable().meta({ description: 'null: the traffic does not say' }),
        afterMs: z.tuple([ms, ms]).optional().meta({ description: 'from the start of the fault' }),
        faulted: count.meta({ description: 'requests that the fault had hit by then, or at all' }),
        unknown: z.string().optional().meta({ description: 'why it is not known' }),
      }),
    )
    .meta({ description: 'the weakest first' }),
});

const finding = z.object({
  name: z.string().meta({ description: 'the name in the plan, else the check’s own' }),
  check: z.string().meta({ description: 'a member of the catalog of checks' }),
  severity: z.enum(['fail', 'warn']),
  verdict,
  summary: z.string().meta({ description: 'one sentence with names and figures' }),
  measurements: z.array(measurement),
  evidence: z.array(eventNumber).max(10).meta({ description: 'numbers of journal events' }),
  correlation: z.string().nullable().meta({ description: 'how attempts were joined to requests: C2, C1 or C0' }),
  alternatives: z.array(z.string()).meta({ description: 'what else could look like this' }),
  lanes: z.array(lane),
  curve: curve.optional().meta({ description: 'of a sweep: which levels were noticed, and when' }),
});

const figures = {
  count,
  failed: count,
  successRatio: z.number().min(0).max(1).nullable(),
  ratePerSecond: z.number().min(0),
  failedPerSecond: z.number().min(0),
  p50Ms: ms.nullable(),
  p99Ms: ms.nullable(),
};

const link = z.object({
  from: z.string().meta({ description: 'caller service, or load' }),
  to: z.string().meta({ description: 'callee service' }),
  counted: z.enum(['requests', 'connections']),
  probeRequests: count.meta({ description: 'health and readiness checks, left out of all figures' }),
  total: z.object(figures),
  windows: z.array(z.object({ name: z.string(), ...figures })).meta({ description: 'before, each fault, after' }),
  instances: z.array(z.object({ instance: z.string(), ...figures })),
});

const fault = z.object({
  fault: z.string(),
  step: z.string(),
  type: z.string().meta({ description: 'as written in the plan' }),
  performs: z.string().meta({ description: 'the type that the data plane performed' }),
  summary: z.string(),
  links: z.array(z.string()),
  instances: z.array(z.string()),
  durationMs: ms,
  minMatched: count,
  matched: count,
  applied: count,
  overflow: count.meta({ description: 'chosen while as many were hit as may be at a time' }),
  unread: count.meta({ description: 'requests whose body the fault was to look into and could not' }),
  levels: z
    .array(z.object({ atMs: ms, isOn: z.boolean(), percentage: z.number().min(0).max(100) }))
    .meta({ description: 'what it was like from when on: pulses, ramps and changes by hand; empty where nobody told' }),
  endedBy: z.enum(['healed', 'expired', 'duration', 'halted', 'unknown']),
  evidence: z.array(eventNumber),
  ...window,
});

const machine = z.object({
  host: z.string(),
  system: z.string(),
  processor: z.string(),
  cores: count,
  memoryBytes: count,
  node: z.string(),
});

const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('note'), atMs: ms, by: z.string(), text: z.string() }),
  z
    .object({ kind: z.literal('fault'), atMs: ms, by: z.string(), text: z.string() })
    .meta({ description: 'put on by hand, beside the plan: a replay does not repeat it' }),
  z.object({
    kind: z.literal('gate'),
    atMs: ms,
    by: z.string(),
    gate: z.string(),
    question: z.string(),
    decision: z.enum(['approved', 'refused', 'timedOut']),
    waitedMs: ms,
  }),
]);

const gameDay = z.object({
  briefing: z.string().nullable(),
  briefedBy: z.string().nullable().meta({ description: 'who confirmed the briefing before anything was started' }),
  people: z.array(z.object({ name: z.string(), role: z.string().nullable(), contact: z.string().nullable() })),
  acts: z.array(
    z.object({
      title: z.string(),
      outcome: z.enum(['completed', 'stopped', 'error', 'unfinished', 'never started', 'unknown']),
      fromMs: ms.nullable(),
      toMs,
      promises: z.array(z.string()).meta({ description: 'names of findings' }),
    }),
  ),
  questions: z.array(z.object({ question: z.string(), answers: z.array(z.object({ by: z.string(), text: z.string() })) })),
});

const run = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  file: z.string(),
  owner: z.string().nullable(),
  runbook: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  environment: z.string(),
  seed: z.int().min(0),
  inputs: z.record(z.string(), z.string()),
  version: z.string().meta({ description: 'of faultlab' }),
  daemonVersion: z.string().nullable().meta({ description: 'of whoever held the proxies; null in journals of before' }),
  machine: machine.nullable().meta({ description: 'what it was carried out on; null in journals of before' }),
  startedAt: z.iso.datetime().nullable(),
  durationMs: ms.nullable(),
  status: z.enum(['completed', 'stopped', 'interrupted', 'error', 'unfinished']),
  steadyState: z.enum(['met', 'notMet', 'undecided', 'unchecked']),
  cleanup: z.enum(['confirmed', 'dirty']),
  replay: z.string().meta({ description: 'the command that does the same again' }),
});

/** What `json` writes. Readers must take keys that they do not know. */
export const reportDocument = z
  .looseObject({
    format: z.literal(REPORT_FORMAT),
    verdict,
    exit: z.object({ code: z.int().min(0).max(255), reason: z.string() }),
    run,
    findings: z.array(finding),
    faults: z.array(fault),
    steps: z.array(z.object({ step: z.string(), outcome: z.enum(['completed', 'stopped', 'error', 'unfinished']), ...window })),
    phases: z.array(z.object({ phase: z.string(), ...window })),
    probes: z.array(
      z.object({
        probe: z.string(),
        phase: z.string(),
        met: z.boolean().nullable(),
        value: z.union([z.number(), z.string()]).nullable(),
        detail: z.string(),
        event: eventNumber,
        atMs: ms,
      }),
    ),
    links: z.array(link),
    said: z.array(said).meta({ description: 'notes, decisions and faults by hand of people' }),
    gameDay: gameDay.nullable().meta({ description: 'null: it was an experiment' }),
    gaps: z.array(z.string()).meta({ description: 'what is missing of the record; empty when it is whole' }),
  })
  .meta({ title: 'faultlab report', description: 'Verdict, findings, faults and a summary of every link of one run.' });

/** JSON Schema, draft 2020-12. */
export function reportJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(reportDocument, { io: 'input' });
}
