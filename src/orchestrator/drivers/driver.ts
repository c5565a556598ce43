/** What the orchestrator needs of whoever holds the proxies. One driver per kind of data plane; ours is `daemon.ts`. */
import type { FaultStatus, ProxyStatus } from '../../dataplane/daemon.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import type { ObservationPage } from '../../dataplane/observation-ring.js';
import type { ProxySpecInput } from '../../dataplane/proxy.js';

export interface DriverStatus {
  version: string;
  pid: number;
  environment: string;
  halted: { reason: string; since: string } | null;
  run: string | null;
  newestObservation: number;
}

export interface Driver {
  readonly url: string;
  status(signal?: AbortSignal): Promise<DriverStatus>;
  /** Takes the data plane for this run; later commands carry the epoch that comes back. */
  claim(run: string): Promise<{ epoch: number; leaseMs: number }>;
  /** Renews the claim and every lease of the run. */
  renew(): Promise<void>;
  /** Ends the run's faults and its claim; safe to call more than once. */
  release(): Promise<void>;
  createProxy(spec: ProxySpecInput): Promise<ProxyStatus>;
  removeProxy(name: string): Promise<void>;
  /** All take effect before it returns, or none does. */
  inject(faults: readonly FaultSpec[]): Promise<void>;
  /** Ends these faults of the run, or all of them. */
  heal(faults?: readonly string[]): Promise<void>;
  /** What of this run is still on. */
  active(): Promise<readonly FaultStatus[]>;
  observations(given: { after: number; waitMs: number; signal: AbortSignal }): Promise<ObservationPage>;
}
