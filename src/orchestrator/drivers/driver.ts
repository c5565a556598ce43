/** What the orchestrator needs of whoever holds the proxies. One driver per kind of data plane; ours is `daemon.ts`. */
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import type { ObservationPage } from '../../dataplane/observation-ring.js';
import type { ProxySpecInput } from '../../dataplane/proxy.js';
import type { GateSwitch } from '../person.js';
import type { RunNews } from '../run-news.js';

export interface DriverStatus {
  version: string;
  /** Undefined: it does not say. */
  pid: number | undefined;
  /** Undefined: it knows of none, and nothing can be compared. */
  environment: string | undefined;
  halted: { reason: string; since: string } | null;
  run: string | null;
  newestObservation: number;
  /** Somebody there shows runs while they go on. */
  wantsNews?: boolean;
}

/** Where a gateway leads a caller that asks for a host. */
export interface GatewayRoute {
  host: string;
  path: string;
  /** The caller, as it names itself in the proxy's URL. */
  from?: string | undefined;
  links: readonly string[];
}

/** What makes two routes the same place in a gateway. */
export function isSameRoute(a: Omit<GatewayRoute, 'links'>, b: Omit<GatewayRoute, 'links'>): boolean {
  return a.host.toLowerCase() === b.host.toLowerCase() && a.path === b.path && a.from === b.from;
}

export interface Driver {
  readonly url: string;
  /** How observations can be lost there, in a few words. */
  readonly losses: string;
  /** So late may be the news that a fault has ended by itself; a few seconds where it is left out. */
  readonly newsWithinMs?: number;
  status(signal?: AbortSignal): Promise<DriverStatus>;
  /** Takes the data plane for this run; later commands carry the epoch that comes back. 0: nothing is fenced there. */
  claim(run: string, options?: { isDry?: boolean }): Promise<{ epoch: number; leaseMs: number }>;
  /** Renews the claim and every lease of the run; without leases, only makes sure that the data plane is there. */
  renew(): Promise<void>;
  /** Ends the run's faults and its claim; safe to call more than once. */
  release(): Promise<void>;
  /** Says where it listens. */
  createProxy(spec: ProxySpecInput): Promise<{ readonly listen: string }>;
  /** All at once, where that is quicker: where each listens, in their order. */
  createProxies?(specs: readonly ProxySpecInput[]): Promise<readonly string[]>;
  /** The certificate of the CA that signs for links that terminate TLS, as PEM text; left out by data planes that have none. */
  authority?(): Promise<string>;
  /** Leads callers of one port to links, beside what it leads to already; returns that port’s `host:port`. Left out by data planes without a gateway. */
  openGateway?(routes: readonly GatewayRoute[]): Promise<string>;
  /** Takes these routes away again, and the gateway with the last. */
  leaveGateway?(routes: readonly GatewayRoute[]): Promise<void>;
  removeProxy(name: string): Promise<void>;
  /** Lets people answer a gate by the data plane's API; left out by data planes that nobody can speak to. */
  openGate?(name: string, gate: { question: string; by: readonly string[]; sets: readonly GateSwitch[] }): Promise<void>;
  closeGate?(name: string): Promise<void>;
  /** All take effect before it returns, or none does. */
  inject(faults: readonly FaultSpec[]): Promise<void>;
  /** Lets go on what a fault holds, the longest held first. Throws FAULT_UNKNOWN or FAULT_HOLDS_NOTHING where it can tell. */
  releaseHeld(fault: string, given: { count?: number | undefined }): Promise<{ released: number; held: number }>;
  /** Ends these faults of the run, or all of them. */
  heal(faults?: readonly string[]): Promise<void>;
  /** What of this run is still on. */
  active(): Promise<readonly { readonly id: string }[]>;
  observations(given: { after: number; waitMs: number; signal: AbortSignal }): Promise<ObservationPage>;
  /** Waits until all that was observed can be read; left out where it can be at once. Never rejects. */
  settle?(): Promise<void>;
  /** Tells what happens in the run, where `wantsNews`; left out by data planes that show nothing. */
  tell?(news: RunNews): Promise<void>;
}

/** What it takes to put faults on and to end them, wherever they are. */
export type Faults = Pick<Driver, 'inject' | 'heal' | 'active' | 'renew'>;
