/** A listener with one upstream that carries bytes and parses nothing: one upstream connection for each client connection. */
import type { Connection } from '../journal/observations.js';
import { parseAddress } from './address.js';
import { Door } from './door.js';
import { doorStateOf } from './door-state.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FlowDirection } from './faults/fault.js';
import { type LinkEnds, openEnds, plainEnds } from './link-ends.js';
import { OpenConnections } from './open-connections.js';
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
import { TcpConnection, type TcpConnectionPorts, type TcpNewcomer } from './tcp-connection.js';
import { Handshake } from './tls/handshake.js';
import type { Accepted } from './wire.js';

export class TcpProxy implements Proxy {
  readonly spec: ProxySpec;
  readonly #ports: ProxyPorts;
  readonly #limits: ProxyLimits;
  readonly #connectionPorts: TcpConnectionPorts;
  readonly #connections = new OpenConnections<TcpConnection | Handshake>();
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  readonly #receivedCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  readonly #door: Door;
  #ends: LinkEnds;
  #faults: readonly ActiveFault[] = [];
  #connectionsTotal = 0;
  #closing: Promise<void> | undefined;

  constructor(ports: ProxyPorts, spec: ProxySpec, limits: ProxyLimits = DEFAULT_LIMITS) {
    this.spec = spec;
    this.#ports = ports;
    this.#limits = limits;
    this.#door = new Door(parseAddress(spec.listen), { clock: ports.clock, accept: (accepted) => this.#accept(accepted) });
    this.#connectionsTotal = ports.connectionsBefore ?? 0;
    this.#ends = plainEnds(spec);
    this.#connectionPorts = {
      clock: ports.clock,
      dial: (dial) => this.#ends.dial(dial),
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
    return this.#door.address;
  }

  async listen(): Promise<void> {
    this.#ends = await openEnds(this.spec, { ports: this.#ports, limits: this.#limits });
    await this.#door.listen();
  }

  setFaults(faults: readonly ActiveFault[]): void {
    this.#faults = faults;
    this.#door.set(doorStateOf(faults));
    for (const connection of this.#connections) {
      if (connection instanceof Handshake) connection.setFaults({ all: faults });
      else connection.setFaults(faults);
    }
  }

  stats(): ProxyStats {
    return {
      connections: this.#connections.size,
      connectionsTotal: this.#connectionsTotal,
      bytesUp: this.#byteCounts.up,
      bytesDown: this.#byteCounts.down,
      receivedUp: this.#receivedCounts.up,
      receivedDown: this.#receivedCounts.down,
      heldBytes: this.#connections.heldBytes,
    };
  }

  connections(page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#connections.page(page, this.#ports.clock.nowMs());
  }

  kill(connection: number): boolean {
    return this.#connections.kill(connection);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#door[Symbol.asyncDispose]();
    await this.#connections.ended();
  }

  #accept(accepted: Accepted): void {
    if (this.#closing !== undefined || this.#connections.size >= this.#limits.connectionsMax) {
      accepted.refuse();
      return;
    }
    this.#connectionsTotal += 1;
    const identity = {
      link: this.spec.name,
      instance: this.spec.to ?? this.spec.name,
      connection: this.#connectionsTotal,
      startMs: this.#ports.clock.nowMs(),
    };
    const { reception } = this.#ends;
    if (reception === undefined) {
      this.#open({ accepted, identity });
      return;
    }
    const { connection } = identity;
    const handshake = reception.admit({
      accepted,
      identity,
      faults: this.#faults,
      enter: ({ accepted, faults }) => this.#open({ accepted, identity, met: faults }),
      failed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection, handshake);
  }

  #open(newcomer: TcpNewcomer): void {
    const connection = new TcpConnection(this.#connectionPorts, newcomer);
    this.#connections.add(newcomer.identity.connection, connection);
    connection.open(this.#faults);
  }

  #ended(connection: TcpConnection): void {
    this.#connections.delete(connection.identity.connection);
    const observation: Connection = {
      kind: 'connection',
      link: this.spec.name,
      from: this.spec.from ?? 'client',
      to: this.spec.to ?? this.spec.name,
      connection: connection.identity.connection,
      startMs: connection.identity.startMs,
      endMs: this.#ports.clock.nowMs(),
      ...connection.summary(),
    };
    this.#ports.record(this.#ends.reception?.told(observation) ?? observation);
  }
}
