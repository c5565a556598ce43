/** Small catalogs for the tests of the language: one member of each kind, so that these tests do not change when a fault or check is added. */
import { z } from 'zod';
import { createCatalog } from '../../src/core/catalog.js';
import { duration } from '../../src/core/units.js';
import { defineHttpFault, defineTcpFault } from '../../src/dataplane/faults/fault.js';
import { type AnyFault, defineTopologyFault } from '../../src/dataplane/faults/topology-fault.js';
import type { Catalogs } from '../../src/experiment/catalogs.js';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import { type Check, defineCheck, type Judgement } from '../../src/verify/check.js';

const abort = defineHttpFault({
  name: 'abort',
  summary: 'Answer in the callee’s place.',
  schema: z.strictObject({ status: z.int().min(200).max(599).default(503), body: z.string().default('') }),
  example: { status: 503 },
  defaultDirection: 'up',
  order: 10,
  // For steps that let go what a fault holds.
  isReleasable: true,
  decide: () => ({ kind: 'continue' }),
});
const delay = defineHttpFault({
  name: 'delay',
  summary: 'Hold the head.',
  schema: z.strictObject({ delay: duration(), jitter: duration().default(0) }),
  example: { delay: '100ms' },
  defaultDirection: 'up',
  order: 20,
  decide: () => ({ kind: 'continue' }),
});
const latency = defineTcpFault({
  name: 'latency',
  summary: 'Hold every chunk.',
  schema: z.strictObject({ latency: duration().meta({ description: 'how long, like 100ms' }), jitter: duration().default(0) }),
  example: { latency: '100ms' },
  defaultDirection: 'both',
  alters: false,
  actsAtOnce: false,
  open: () => () => {},
});
const blackhole = defineTcpFault({
  name: 'blackhole',
  summary: 'Hold everything.',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'both',
  alters: false,
  actsAtOnce: false,
  open: () => () => {},
});
const partition = defineTopologyFault({
  name: 'partition',
  summary: 'Cut the targeted links.',
  schema: z.strictObject({ unit: z.enum(['connection', 'request', 'response']).default('connection') }),
  example: {},
  expand: ({ unit }, { scope, all }) => ({
    type: 'blackhole',
    direction: ({ connection: 'both', request: 'up', response: 'down' } as const)[unit],
    connections: 'all',
    value: {},
    links: (scope.kind === 'links' ? scope.links : all.filter(({ from }) => scope.selected.includes(from))).map((link) => link.name),
  }),
});

const judgement: Judgement = { verdict: 'inconclusive', summary: 'never judged here', measurements: [], evidence: [] };
const check = (name: string, schema: z.ZodType): Check =>
  defineCheck({ name, summary: `Judge ${name}.`, schema, example: {}, evaluate: () => judgement });

const count = () => z.int().min(0).optional();
const stubChecks: Readonly<Record<string, Check>> = {
  outlierEjection: check(
    'outlierEjection',
    z.strictObject({
      from: z.string(),
      to: z.string(),
      during: z.string(),
      expect: z.array(z.string()).default([]),
      detectWithin: duration(),
      falsePositives: count(),
      minDemandPerHost: count(),
      returnsWithin: duration().optional(),
    }),
  ),
  circuitBreaker: check(
    'circuitBreaker',
    z.strictObject({
      from: z.string(),
      to: z.string(),
      during: z.string(),
      opensWithin: duration(),
      leaksMax: count(),
      halfOpenTrials: z.strictObject({ max: z.int() }).optional(),
      closesAfterHealWithin: duration().optional(),
      minDemand: count(),
    }),
  ),
  recovery: check(
    'recovery',
    z.strictObject({
      after: z.string(),
      from: z.string(),
      to: z.string(),
      metric: z.string().optional(),
      value: z.number().optional(),
      within: duration(),
    }),
  ),
  faultWasFelt: check('faultWasFelt', z.strictObject({ step: z.string(), minMatched: z.int().default(1) })),
  steadyState: check('steadyState', z.strictObject({ probes: z.array(z.string()).optional() })),
};

/** Stub faults and checks; probes and report formats as shipped. */
export const stubCatalogs: Catalogs = {
  ...shippedCatalogs,
  faults: createCatalog<AnyFault>('fault', { abort, delay, latency, blackhole, partition } as unknown as Record<string, AnyFault>),
  checks: createCatalog('check', stubChecks),
};
