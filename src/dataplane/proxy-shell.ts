/**
 * What every proxy is around its protocol: the door that callers come in by, the TLS at the ends of the link, and the connections behind the door, with
 * their numbers and their end. What a connection is made of is the proxy's own business: it is handed newcomers, and adds what it makes of them.
 */
import type { Observation } from '../journal/observations.js';
import { parseAddress } from './address.js';
import type { ConnectionFaults, ConnectionIdentity } from './connection-faults.js';
import { Door, type DoorState } from './door.js';
import type { ActiveFault } from './faults/active-fault.js';
import { type LinkEnds, openEnds, plainEnds, type UpstreamDial } from './link-ends.js';
import { type OpenConnection, OpenConnections } from './open-connections.js';
import type { ConnectionPage, ConnectionStatus, ProxyLimits, ProxyPorts, ProxySpec, ProxyStats } from './proxy.js';
import type { Handshake } from './tls/handshake.js';
import type { Accepted, Wire } from './wire.js';

/** The caller's address is asked for when somebody wants to know. */
export type NewcomerIdentity = Omit<ConnectionIdentity, 'source'>;

/** A connection that has come in, its TLS taken off. */
export interface Newcomer {
  accepted: Accepted;
  identity: NewcomerIdentity;
  /** The faults that it has met in its TLS handshake. */
  met?: ConnectionFaults;
}

export interface ProxyShellOptions {
  ports: ProxyPorts;
  spec: ProxySpec;
  limits: ProxyLimits;
  /** Those that are on now. */
  faults(): readonly ActiveFault[];
  /** Is to `add` a connection before it returns. */
  enter(newcomer: Newcomer): void;
}

export class ProxyShell<C extends OpenConnection> {
  readonly #options: ProxyShellOptions;
  readonly #door: Door;
  readonly #open = new OpenConnections<C | Handshake>();
  #ends: LinkEnds;
  #connectionsTotal: number;
  #closing: Promise<void> | undefined;

  constructor(options: ProxyShellOptions) {
    const { ports, spec } = options;
    this.#options = options;
    this.#door = new Door(parseAddress(spec.listen), { clock: ports.clock, accept: (accepted) => this.#accept(accepted) });
    this.#connectionsTotal = ports.connectionsBefore ?? 0;
    this.#ends = plainEnds(spec);
  }

  /** With the real port, once it listens. */
  get address(): string {
    return this.#door.address;
  }

  /** Those that are open, oldest first; some may still be at their TLS handshake. */
  get open(): Iterable<C | Handshake> {
    return this.#open;
  }

  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /** How many more may be open. */
  get room(): number {
    return this.#options.limits.connectionsMax - this.#open.size;
  }

  get stats(): Pick<ProxyStats, 'connections' | 'connectionsTotal' | 'heldBytes'> {
    return { connections: this.#open.size, connectionsTotal: this.#connectionsTotal, heldBytes: this.#open.heldBytes };
  }

  /** Rejects with LISTEN_FAILED, or with what is wrong with the certificates of the spec. */
  async listen(): Promise<void> {
    const { spec, ports, limits } = this.#options;
    this.#ends = await openEnds(spec, { ports, limits });
    await this.#door.listen();
  }

  /** How newcomers find the port. */
  setDoor(state: DoorState): void {
    this.#door.set(state);
  }

  dial(dial: UpstreamDial): Wire {
    return this.#ends.dial(dial);
  }

  /** Records what was seen, with what is known of the connection's TLS. */
  record(observation: Observation): void {
    this.#options.ports.record(this.#ends.reception?.told(observation) ?? observation);
  }

  /** Of the next connection: of a caller, or of our own making. */
  nextIdentity(): NewcomerIdentity {
    const { spec, ports } = this.#options;
    this.#connectionsTotal += 1;
    return { link: spec.name, instance: spec.to ?? spec.name, connection: this.#connectionsTotal, startMs: ports.clock.nowMs() };
  }

  add(connection: number, opened: C): void {
    this.#open.add(connection, opened);
  }

  delete(connection: number): void {
    this.#open.delete(connection);
  }

  page(page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#open.page(page, this.#options.ports.clock.nowMs());
  }

  kill(connection: number): boolean {
    return this.#open.kill(connection);
  }

  /** Lets nobody in any more, ends each connection by `end`, and resolves when the last of them is gone. */
  close(end: (connection: C | Handshake) => void): Promise<void> {
    this.#closing ??= this.#close(end);
    return this.#closing;
  }

  async #close(end: (connection: C | Handshake) => void): Promise<void> {
    for (const connection of this.#open) end(connection);
    await this.#door[Symbol.asyncDispose]();
    await this.#open.ended();
  }

  #accept(accepted: Accepted): void {
    if (this.isClosing || this.room <= 0) {
      accepted.refuse();
      return;
    }
    const { faults, enter } = this.#options;
    const identity = this.nextIdentity();
    const { reception } = this.#ends;
    if (reception === undefined) {
      enter({ accepted, identity });
      return;
    }
    const handshake = reception.admit({
      accepted,
      identity,
      faults: faults(),
      enter: ({ accepted, faults: met }) => enter({ accepted, identity, met }),
      failed: () => this.delete(identity.connection),
    });
    this.#open.add(identity.connection, handshake);
  }
}
