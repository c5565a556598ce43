/**
 * What a run wants of one agent, and what the agent has made of it. Both are whole states and not changes, so whoever missed one reads the next and lacks
 * nothing. What a reader gets wrong: an order to put a fault on comes twice, first to be ready for it and then with the instant at which all begin.
 */
import { z } from 'zod';
import { faultSpecSchema } from '../../dataplane/faults/spec.js';
import { proxySpecSchema } from '../../dataplane/proxy.js';

/** Of one agent; also etcd's own bound on a request leaves room for them. */
export const ORDERS_BYTES_MAX = 1_000_000;

const serviceOrderSchema = z.object({
  instance: z.string(),
  /** The planned service with this one instance, its texts filled in: see `PlannedService`. */
  service: z.looseObject({ name: z.string() }),
});
export type ServiceOrder = z.output<typeof serviceOrderSchema>;

const faultOrderSchema = z.object({
  spec: faultSpecSchema,
  /** The instant on the agent's own monotonic clock; `null`: be ready, and say so. */
  startAtMs: z.number().nullable(),
});
export type FaultOrder = z.output<typeof faultOrderSchema>;

export const ordersSchema = z.object({
  run: z.string().min(1),
  /** The run's fencing number: the create revision of its key. */
  epoch: z.int().positive(),
  /** For which registration of the agent they are, by its create revision: one that was started anew has another. */
  registration: z.int().positive(),
  /** Under which they stand; while it lives, they hold. */
  lease: z.string(),
  leaseMs: z.number().positive(),
  /** Counts up with each change. */
  n: z.int().positive(),
  /** Instances that need an address on this host. */
  ports: z.array(z.string()).max(1_000),
  proxies: z.array(proxySpecSchema).max(5_000),
  services: z.array(serviceOrderSchema).max(1_000),
  faults: z.array(faultOrderSchema).max(1_000),
  /** What faults hold and are to let go on, each once. */
  releases: z.array(z.object({ id: z.string(), fault: z.string(), count: z.int().min(1).optional() })).max(1_000),
  /** Nothing more will be wanted: services and links go, and what was observed is sent to the last. */
  isOver: z.boolean(),
  /** Where what is observed is sent. */
  ingest: z.object({ url: z.string(), token: z.string().optional() }).optional(),
});
export type Orders = z.output<typeof ordersSchema>;
/** As they are written. */
export type OrdersText = z.input<typeof ordersSchema>;

const faultStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('armed') }),
  /** `atMs`: by the agent's clock; `lateMs`: after the instant that was ordered. */
  z.object({ state: z.literal('on'), atMs: z.number(), lateMs: z.number() }),
  /** `beganMs`: when it was put on, if ever. */
  z.object({ state: z.literal('ended'), atMs: z.number(), beganMs: z.number().optional() }),
  z.object({ state: z.literal('refused'), code: z.string(), details: z.record(z.string(), z.unknown()) }),
]);
export type FaultState = z.output<typeof faultStateSchema>;

const serviceStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  z.object({ state: z.literal('ready'), pid: z.int().positive(), tookMs: z.number() }),
  z.object({ state: z.literal('failed'), code: z.string(), details: z.record(z.string(), z.unknown()) }),
]);
export type ServiceState = z.output<typeof serviceStateSchema>;

export const appliedSchema = z.object({
  agent: z.string(),
  epoch: z.int().positive(),
  /** The newest orders that it has seen, and done what could be done at once. */
  n: z.int().min(0),
  /** Instants of its own clock: when it saw those orders, and when it wrote this. With the two of whoever ordered they bound the distance of the clocks. */
  seenMs: z.number(),
  writtenMs: z.number(),
  /** Instance → `host:port`. */
  addresses: z.record(z.string(), z.string()),
  /** Proxy → `host:port` where callers on its host, or on others, find it. */
  listens: z.record(z.string(), z.string()),
  services: z.record(z.string(), serviceStateSchema),
  faults: z.record(z.string(), faultStateSchema),
  releases: z.record(z.string(), z.object({ released: z.int(), held: z.int() })),
  /** Names of the streams in which it ships what it observes, for runs that have to look for them. */
  streams: z.array(z.string()).max(1_000).default([]),
  /** Set for good when it has let go of the run. */
  left: z.object({ reason: z.enum(['leaseGone', 'unproven', 'halted', 'ended']), atMs: z.number() }).optional(),
  /** What it could not do of the newest orders. */
  problem: z.object({ code: z.string(), details: z.record(z.string(), z.unknown()) }).optional(),
});
export type Applied = z.output<typeof appliedSchema>;
export type LeaveReason = NonNullable<Applied['left']>['reason'];
