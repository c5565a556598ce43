/** What a proxy is to the daemon, whatever its protocol. One class per protocol implements it. */
import { z } from 'zod';
import type { Clock } from '../core/clock.js';
import type { Observation } from '../journal/observations.js';
import { addressProblem } from './address.js';
import type { ActiveFault } from './faults/active-fault.js';
import { LINK_PROTOCOLS } from './faults/carriers.js';
import { observeSchema } from './observe/observe-spec.js';
import type { LabAuthority } from './tls/lab-authority.js';
import { tlsSchema } from './tls/spec/tls-spec.js';

/** `host:port`, `[ipv6]:port` or `unix:/path`. */
const address = z.string().superRefine((text, context) => {
  const problem = addressProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});
const dialled = address.refine((text) => !/:0+$/.test(text), 'expected a port that can be dialled, 1…65535');

export const proxySpecSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^/\s]+$/, 'expected a name without spaces or slashes')
    .meta({ description: 'unique in the daemon; a link is named caller->callee' }),
  protocol: z.enum(LINK_PROTOCOLS).default('tcp').meta({
    description: 'what to parse: nothing (tcp), HTTP/1.1 requests (http), or HTTP/2 and with it gRPC, without an upgrade (http2)',
  }),
  listen: address.default('127.0.0.1:0').meta({
    description: 'where callers connect, like 127.0.0.1:9000, [::]:9000 (both families) or unix:/path; port 0 takes any free one',
  }),
  upstream: dialled.meta({ description: 'where the callee listens, host:port or unix:/path; a name is resolved for each connection' }),
  from: z.string().optional().meta({ description: 'caller instance, for observations' }),
  to: z.string().optional().meta({ description: 'callee instance, for observations' }),
  tls: tlsSchema.optional(),
  observe: observeSchema.optional(),
  record: z.boolean().default(true).meta({
    description: 'false: nothing of what crosses it is noted, so nothing can be judged by it; to measure what noting costs',
  }),
  enabled: z.boolean().default(true).meta({ description: 'false: known, with its faults, but nobody listens' }),
  halfClose: z.boolean().default(true).meta({
    description: 'tcp only; false: the end of one direction closes the connection, as Toxiproxy does, and nothing is reset unasked',
  }),
  protected: z.boolean().default(false).meta({ description: 'refuse every fault on this proxy' }),
});
export type ProxySpecInput = z.input<typeof proxySpecSchema>;
export type ProxySpec = z.output<typeof proxySpecSchema>;

/** What every proxy is handed: time, and somewhere to say what it saw. `record` must be cheap; it is called on the data path. */
export interface ProxyPorts {
  clock: Clock;
  /** Connections that were numbered before this proxy was started, so that no number is given twice. */
  connectionsBefore?: number;
  record(observation: Observation): void;
  /** Signs for proxies that terminate TLS; one of the proxy's own if left out. */
  authority?: LabAuthority;
}

/** Bounds of one proxy; each says what happens there. */
export interface ProxyLimits {
  /** Bytes held for one direction of one connection; beyond it the source is paused. */
  heldBytesMax: number;
  /** Open connections; beyond it a new one is reset. */
  connectionsMax: number;
  /** A request or response head; beyond it the message is refused. */
  headBytesMax: number;
  /** Time to dial the upstream, its TLS handshake included; beyond it the caller's connection is reset. */
  connectTimeoutMs: number;
  /** A caller's TLS handshake; beyond it its connection is closed. */
  handshakeTimeoutMs: number;
  /** http only: time without a byte for a caller that has half-closed and may wait for its answer; beyond it, it is taken to be gone. */
  halfClosedMsMax: number;
}
export const DEFAULT_LIMITS: ProxyLimits = {
  heldBytesMax: 1024 * 1024,
  connectionsMax: 50_000,
  headBytesMax: 64 * 1024,
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 30_000,
  halfClosedMsMax: 60_000,
};

export interface ProxyStats {
  connections: number;
  connectionsTotal: number;
  /** Bytes handed to the target of a direction. */
  bytesUp: number;
  bytesDown: number;
  /** Bytes read from the source of a direction, whatever became of them. */
  receivedUp: number;
  receivedDown: number;
  heldBytes: number;
}

/** How far an open connection has come. */
export interface ConnectionState {
  /** The caller's address; undefined on a Unix-domain socket. */
  source: string | undefined;
  bytesUp: number;
  bytesDown: number;
  heldBytes: number;
  /** Faults that have been applied to it, those that are gone too. */
  faults: readonly string[];
}

export interface ConnectionStatus extends ConnectionState {
  /** Its number: counts from 1 on each proxy, and is never given twice. */
  connection: number;
  ageMs: number;
}

/** Part of a long list: so many of those whose number is larger than `after`. */
export interface ConnectionPage {
  after: number;
  max: number;
}

export interface Proxy extends AsyncDisposable {
  readonly spec: ProxySpec;
  /** Where it listens, with the real port; set by `listen`. */
  readonly address: string;
  /** Rejects with LISTEN_FAILED. */
  listen(): Promise<void>;
  /** Replaces the faults on this proxy, in the order given. Takes effect on live connections before it returns; what a removed fault held is released in order. */
  setFaults(faults: readonly ActiveFault[]): void;
  stats(): ProxyStats;
  /** Open connections, oldest first. */
  connections(page: ConnectionPage): readonly ConnectionStatus[];
  /** Resets one connection; false if there is none of that number. */
  kill(connection: number): boolean;
  /** Stops listening and resets what is open. */
  close(): Promise<void>;
}
