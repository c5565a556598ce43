/**
 * The place of one proxy in the daemon: it outlives the listener, which comes and goes as the proxy is enabled, disabled or moved. Changes
 * happen one after the other, in the order in which they were asked for, whatever each of them waits for.
 */
import { LabError } from '../core/errors.js';
import type { ActiveFault } from './faults/active-fault.js';
import { HttpProxy } from './http-proxy.js';
import type { ConnectionPage, ConnectionStatus, Proxy, ProxyLimits, ProxyPorts, ProxySpec, ProxyStats } from './proxy.js';
import { TcpProxy } from './tcp-proxy.js';

/** What of a proxy can be changed; what is left out stays. */
export interface ProxyChange {
  listen?: string | undefined;
  upstream?: string | undefined;
  enabled?: boolean | undefined;
}

const NOTHING_YET: ProxyStats = {
  connections: 0,
  connectionsTotal: 0,
  bytesUp: 0,
  bytesDown: 0,
  receivedUp: 0,
  receivedDown: 0,
  heldBytes: 0,
};

export class ProxySlot {
  readonly #ports: ProxyPorts;
  readonly #limits: ProxyLimits;
  #spec: ProxySpec;
  #proxy: Proxy | undefined;
  #faults: readonly ActiveFault[] = [];
  /** What was counted before the proxy was last started. */
  #past: ProxyStats = NOTHING_YET;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor({ ports, limits, spec }: { ports: ProxyPorts; limits: ProxyLimits; spec: ProxySpec }) {
    this.#ports = ports;
    this.#limits = limits;
    this.#spec = spec;
  }

  /** `listen` is as it was given until the proxy was started, and from then on with the real port. */
  get spec(): ProxySpec {
    return this.#spec;
  }

  get enabled(): boolean {
    return this.#proxy !== undefined;
  }

  /** Starts listening. Rejects with LISTEN_FAILED. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /**
   * A new address or upstream ends all connections; values that it has already do nothing. Rejects with LISTEN_FAILED, and is disabled then,
   * with the new values.
   */
  update({ listen = this.#spec.listen, upstream = this.#spec.upstream, enabled }: ProxyChange): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) throw new LabError('PROXY_UNKNOWN', { proxy: this.#spec.name });
      const isWanted = enabled ?? this.enabled;
      if (listen !== this.#spec.listen || upstream !== this.#spec.upstream) {
        await this.#stop();
        this.#spec = { ...this.#spec, listen, upstream };
      }
      if (!isWanted) await this.#stop();
      else if (!this.enabled) await this.#start();
    });
  }

  /** Replaces the faults, whether it is enabled or not. */
  setFaults(faults: readonly ActiveFault[]): void {
    this.#faults = faults;
    this.#proxy?.setFaults(faults);
  }

  /** Bytes and connections since it was created. */
  stats(): ProxyStats {
    return this.#proxy === undefined ? this.#past : sum(this.#past, this.#proxy.stats());
  }

  connections(page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#proxy?.connections(page) ?? [];
  }

  kill(connection: number): boolean {
    return this.#proxy?.kill(connection) ?? false;
  }

  /** For good. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isClosed = true;
      await this.#stop();
    });
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #start(): Promise<void> {
    if (this.#isClosed || this.#proxy !== undefined) return;
    const ports = { ...this.#ports, connectionsBefore: this.#past.connectionsTotal };
    const proxy =
      this.#spec.protocol === 'tcp' ? new TcpProxy(ports, this.#spec, this.#limits) : new HttpProxy(ports, this.#spec, this.#limits);
    proxy.setFaults(this.#faults);
    await proxy.listen();
    // They may have changed while the port was being opened.
    proxy.setFaults(this.#faults);
    this.#spec = { ...this.#spec, listen: proxy.address };
    this.#proxy = proxy;
  }

  async #stop(): Promise<void> {
    const proxy = this.#proxy;
    if (proxy === undefined) return;
    this.#proxy = undefined;
    await proxy.close();
    this.#past = { ...sum(this.#past, proxy.stats()), connections: 0, heldBytes: 0 };
  }
}

/** `connectionsTotal` goes on counting in the proxy itself: its connections are numbered by it. */
function sum(past: ProxyStats, now: ProxyStats): ProxyStats {
  return {
    ...now,
    bytesUp: past.bytesUp + now.bytesUp,
    bytesDown: past.bytesDown + now.bytesDown,
    receivedUp: past.receivedUp + now.receivedUp,
    receivedDown: past.receivedDown + now.receivedDown,
  };
}
