/** A listener with one upstream that carries bytes and parses nothing: one upstream connection for each client connection. */
import type net from 'node:net';
import { formatAddress, parseAddress } from './address.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FlowDirection } from './faults/fault.js';
import { type Listener, openListener } from './listener.js';
import { DEFAULT_LIMITS, type Proxy, type ProxyLimits, type ProxyPorts, type ProxySpec, type ProxyStats } from './proxy.js';
import { TcpConnection, type TcpConnectionPorts } from './tcp-connection.js';
import type { ReadMode } from './wire.js';

export class TcpProxy implements Proxy {
  readonly spec: ProxySpec;
  readonly #ports: ProxyPorts;
  readonly #limits: ProxyLimits;
  readonly #connectionPorts: TcpConnectionPorts;
  readonly #connections = new Set<TcpConnection>();
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  readonly #receivedCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  #listener: Listener | undefined;
  #faults: readonly ActiveFault[] = [];
  #connectionsTotal = 0;
  #closing: Promise<void> | undefined;
  /** Tells `close` that the last connection has ended. */
  #lastEnded: () => void = () => {};

  constructor(ports: ProxyPorts, spec: ProxySpec, limits: ProxyLimits = DEFAULT_LIMITS) {
    this.spec = spec;
    this.#ports = ports;
    this.#limits = limits;
    this.#connectionsTotal = ports.connectionsBefore ?? 0;
    this.#connectionPorts = {
      clock: ports.clock,
      upstream: parseAddress(spec.upstream),
      heldBytesMax: limits.heldBytesMax,
      connectTimeoutMs: limits.connectTimeoutMs,
      halfClose: spec.halfClose,
      received: (direction, byteCount) => {
        this.#receivedCounts[direction] += byteCount;
      },
      count: (direction, byteCount) => {
        this.#byteCounts[direction] += byteCount;
      },
      ended: (connection) => this.#ended(connection),
    };
  }

  get address(): string {
    return this.#listener === undefined ? this.spec.listen : formatAddress(this.#listener.address);
  }

  async listen(): Promise<void> {
    this.#listener = await openListener(parseAddress(this.spec.listen), (socket, mode) => this.#accept(socket, mode));
  }

  setFaults(faults: readonly ActiveFault[]): void {
    this.#faults = faults;
    for (const connection of this.#connections) connection.setFaults(faults);
  }

  stats(): ProxyStats {
    let heldBytes = 0;
    for (const connection of this.#connections) heldBytes += connection.heldBytes;
    return {
      connections: this.#connections.size,
      connectionsTotal: this.#connectionsTotal,
      bytesUp: this.#byteCounts.up,
      bytesDown: this.#byteCounts.down,
      receivedUp: this.#receivedCounts.up,
      receivedDown: this.#receivedCounts.down,
      heldBytes,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#lastEnded = resolve;
    });
    for (const connection of this.#connections) connection.close();
    await this.#listener?.close();
    if (this.#connections.size > 0) await ended;
  }

  #accept(socket: net.Socket, mode: ReadMode): void {
    if (this.#closing !== undefined || this.#connections.size >= this.#limits.connectionsMax) {
      socket.resetAndDestroy();
      return;
    }
    this.#connectionsTotal += 1;
    const identity = {
      link: this.spec.name,
      instance: this.spec.to ?? this.spec.name,
      connection: this.#connectionsTotal,
      startMs: this.#ports.clock.nowMs(),
    };
    const connection = new TcpConnection(this.#connectionPorts, { socket, mode, identity });
    this.#connections.add(connection);
    connection.open(this.#faults);
  }

  #ended(connection: TcpConnection): void {
    this.#connections.delete(connection);
    this.#ports.record({
      kind: 'connection',
      link: this.spec.name,
      from: this.spec.from ?? 'client',
      to: this.spec.to ?? this.spec.name,
      connection: connection.identity.connection,
      startMs: connection.identity.startMs,
      endMs: this.#ports.clock.nowMs(),
      ...connection.summary(),
    });
    if (this.#connections.size === 0) this.#lastEnded();
  }
}
