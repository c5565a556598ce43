/** A listener with one upstream that carries bytes and parses nothing: one upstream connection for each client connection. */
import { doorStateOf } from './door-state.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FlowDirection } from './faults/fault.js';
import {
  type ConnectionPage,
  type ConnectionStatus,
  DEFAULT_LIMITS,
  type Proxy,
  type ProxyLimits,
  type ProxyPorts,
  type ProxySpec,
  type ProxyStats,
} from './proxy.js';
import { type Newcomer, ProxyShell } from './proxy-shell.js';
import { TcpConnection, type TcpConnectionPorts } from './tcp-connection.js';
import { Handshake } from './tls/handshake.js';

export class TcpProxy implements Proxy {
  readonly spec: ProxySpec;
  readonly #ports: ProxyPorts;
  readonly #shell: ProxyShell<TcpConnection>;
  readonly #connectionPorts: TcpConnectionPorts;
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  readonly #receivedCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  #faults: readonly ActiveFault[] = [];

  constructor(ports: ProxyPorts, spec: ProxySpec, limits: ProxyLimits = DEFAULT_LIMITS) {
    this.spec = spec;
    this.#ports = ports;
    this.#shell = new ProxyShell({ ports, spec, limits, faults: () => this.#faults, enter: (newcomer) => this.#enter(newcomer) });
    this.#connectionPorts = {
      clock: ports.clock,
      dial: (dial) => this.#shell.dial(dial),
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
    return this.#shell.address;
  }

  listen(): Promise<void> {
    return this.#shell.listen();
  }

  setFaults(faults: readonly ActiveFault[]): void {
    this.#faults = faults;
    this.#shell.setDoor(doorStateOf(faults));
    for (const connection of this.#shell.open) {
      if (connection instanceof Handshake) connection.setFaults({ all: faults });
      else connection.setFaults(faults);
    }
  }

  stats(): ProxyStats {
    return {
      ...this.#shell.stats,
      bytesUp: this.#byteCounts.up,
      bytesDown: this.#byteCounts.down,
      receivedUp: this.#receivedCounts.up,
      receivedDown: this.#receivedCounts.down,
    };
  }

  connections(page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#shell.page(page);
  }

  kill(connection: number): boolean {
    return this.#shell.kill(connection);
  }

  close(): Promise<void> {
    return this.#shell.close((connection) => connection.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #enter(newcomer: Newcomer): void {
    const connection = new TcpConnection(this.#connectionPorts, newcomer);
    this.#shell.add(newcomer.identity.connection, connection);
    connection.open(this.#faults);
  }

  #ended(connection: TcpConnection): void {
    const { link, instance, connection: number, startMs } = connection.identity;
    this.#shell.delete(number);
    this.#shell.record({
      kind: 'connection',
      link,
      from: this.spec.from ?? 'client',
      to: instance,
      connection: number,
      startMs,
      endMs: this.#ports.clock.nowMs(),
      ...connection.summary(),
    });
  }
}
