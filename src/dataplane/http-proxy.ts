/** A listener with one upstream that carries HTTP/1.1 or HTTP/2: messages pass as they came, heads are read to decide on faults and to record exchanges. */
import { formatAddress, parseAddress } from './address.js';
import type { ConnectionFaults } from './connection-faults.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FlowDirection } from './faults/fault.js';
import type { RelayIdentity } from './http/exchange-ledger.js';
import type { OpenExchange } from './http/open-exchange.js';
import { Relay } from './http/relay.js';
import { type LinkFaults, linkFaultsOf } from './http/relay-faults.js';
import type { RelayOptions } from './http/relay-options.js';
import type { CopyOrder } from './http/request-copier.js';
import { RequestCopy } from './http/request-copy.js';
import { miss } from './http/rule-on.js';
import { Http2Relay } from './http2/http2-relay.js';
import { type LinkEnds, openEnds, plainEnds } from './link-ends.js';
import { type Listener, openListener } from './listener.js';
import { createObserver } from './observe/observer.js';
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
import type { Handshake } from './tls/handshake.js';
import type { Accepted } from './wire.js';

export class HttpProxy implements Proxy {
  readonly spec: ProxySpec;
  readonly #limits: ProxyLimits;
  readonly #relayOptions: Omit<RelayOptions, 'identity'>;
  readonly #relays = new OpenConnections<Relay | RequestCopy | Http2Relay | Handshake>();
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  #ends: LinkEnds;
  #listener: Listener | undefined;
  #faults: LinkFaults = linkFaultsOf([]);
  #connectionsTotal = 0;
  #closing: Promise<void> | undefined;

  constructor(ports: ProxyPorts, spec: ProxySpec, limits: ProxyLimits = DEFAULT_LIMITS) {
    this.spec = spec;
    this.#connectionsTotal = ports.connectionsBefore ?? 0;
    this.#limits = limits;
    this.#ends = plainEnds(spec);
    this.#relayOptions = {
      ports: { ...ports, record: (observation) => ports.record(this.#ends.reception?.told(observation) ?? observation) },
      limits,
      observer: spec.record ? createObserver(spec.observe) : undefined,
      upstream: parseAddress(spec.upstream),
      dial: (dial) => this.#ends.dial(dial),
      count: (direction, byteCount) => {
        this.#byteCounts[direction] += byteCount;
      },
      sendCopies: (order, exchange, source) => this.#sendCopies(order, exchange, source),
      ended: (connection) => this.#relays.delete(connection),
    };
  }

  get address(): string {
    return this.#listener === undefined ? this.spec.listen : formatAddress(this.#listener.address);
  }

  async listen(): Promise<void> {
    const { ports } = this.#relayOptions;
    this.#ends = await openEnds(this.spec, { ports, limits: this.#limits });
    this.#listener = await openListener(parseAddress(this.spec.listen), (accepted) => this.#accept(accepted));
  }

  setFaults(faults: readonly ActiveFault[]): void {
    this.#faults = linkFaultsOf(faults);
    for (const relay of this.#relays) relay.setFaults(this.#faults);
  }

  stats(): ProxyStats {
    return {
      connections: this.#relays.size,
      connectionsTotal: this.#connectionsTotal,
      bytesUp: this.#byteCounts.up,
      bytesDown: this.#byteCounts.down,
      receivedUp: this.#byteCounts.up,
      receivedDown: this.#byteCounts.down,
      heldBytes: this.#relays.heldBytes,
    };
  }

  connections(page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#relays.page(page, this.#relayOptions.ports.clock.nowMs());
  }

  kill(connection: number): boolean {
    return this.#relays.kill(connection);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    for (const relay of this.#relays) relay.cut('proxyClosed');
    await this.#listener?.close();
    await this.#relays.ended();
  }

  #accept(accepted: Accepted): void {
    if (this.#closing !== undefined || this.#relays.size >= this.#limits.connectionsMax) {
      accepted.refuse();
      return;
    }
    const identity = this.#nextIdentity();
    const { reception } = this.#ends;
    if (reception === undefined) {
      this.#open(accepted, identity);
      return;
    }
    const { link, to: instance, connection } = identity;
    const handshake = reception.admit({
      accepted,
      identity: { link, instance, connection, startMs: this.#relayOptions.ports.clock.nowMs() },
      faults: this.#faults.all,
      enter: ({ accepted, faults }) => this.#open(accepted, identity, faults),
      failed: () => this.#relays.delete(connection),
    });
    this.#relays.add(connection, handshake);
  }

  #open(accepted: Accepted, identity: RelayIdentity, met?: ConnectionFaults): void {
    const options = this.#optionsOf(identity, met);
    const relay = this.spec.protocol === 'http2' ? new Http2Relay(options, accepted) : new Relay(options, accepted);
    this.#relays.add(identity.connection, relay);
    relay.setFaults(this.#faults);
  }

  /** Beyond the bound on connections no copy is sent; without any, the fault has done nothing. */
  #sendCopies(order: CopyOrder, exchange: OpenExchange, source: string | undefined): void {
    if (this.#closing !== undefined) return;
    const copies = Math.min(order.copies, this.#limits.connectionsMax - this.#relays.size);
    if (copies <= 0) miss(order.fault, exchange);
    for (let n = 0; n < copies; n++) {
      const identity = this.#nextIdentity();
      const copy = new RequestCopy(this.#optionsOf(identity), order, source);
      this.#relays.add(identity.connection, copy);
      copy.setFaults(this.#faults);
      copy.start();
    }
  }

  /** Named one by one, because this is made for every connection, and V8 takes microseconds to add to what it has spread. */
  #optionsOf(identity: RelayIdentity, met?: ConnectionFaults): RelayOptions {
    const { ports, limits, observer, upstream, dial, sendCopies, count, ended } = this.#relayOptions;
    return { ports, limits, observer, upstream, dial, sendCopies, count, ended, identity, met };
  }

  #nextIdentity(): RelayIdentity {
    this.#connectionsTotal += 1;
    const { name, from = 'client', to = name } = this.spec;
    return { link: name, from, to, connection: this.#connectionsTotal };
  }
}
