/** A listener with one upstream that carries HTTP/1.1 or HTTP/2: messages pass as they came, heads are read to decide on faults and to record exchanges. */
import { parseAddress } from './address.js';
import type { ConnectionFaults } from './connection-faults.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FlowDirection } from './faults/fault.js';
import type { OpenExchange } from './http/open-exchange.js';
import { Relay } from './http/relay.js';
import { type LinkFaults, linkFaultsOf } from './http/relay-faults.js';
import type { RelayOptions } from './http/relay-options.js';
import type { CopyOrder } from './http/request-copier.js';
import { RequestCopy } from './http/request-copy.js';
import { miss } from './http/rule-on.js';
import { Http2Relay } from './http2/http2-relay.js';
import { createObserver } from './observe/observer.js';
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
import { type Newcomer, type NewcomerIdentity, ProxyShell } from './proxy-shell.js';

export class HttpProxy implements Proxy {
  readonly spec: ProxySpec;
  readonly #shell: ProxyShell<Relay | RequestCopy | Http2Relay>;
  readonly #relayOptions: Omit<RelayOptions, 'identity'>;
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  #faults: LinkFaults = linkFaultsOf([]);

  constructor(ports: ProxyPorts, spec: ProxySpec, limits: ProxyLimits = DEFAULT_LIMITS) {
    this.spec = spec;
    this.#shell = new ProxyShell({ ports, spec, limits, faults: () => this.#faults.all, enter: (newcomer) => this.#enter(newcomer) });
    this.#relayOptions = {
      ports: { ...ports, record: (observation) => this.#shell.record(observation) },
      limits,
      observer: createObserver(spec.observe),
      upstream: parseAddress(spec.upstream),
      dial: (dial) => this.#shell.dial(dial),
      count: (direction, byteCount) => {
        this.#byteCounts[direction] += byteCount;
      },
      sendCopies: (order, exchange, source) => this.#sendCopies(order, exchange, source),
      ended: (connection) => this.#shell.delete(connection),
    };
  }

  get address(): string {
    return this.#shell.address;
  }

  listen(): Promise<void> {
    return this.#shell.listen();
  }

  setFaults(faults: readonly ActiveFault[]): void {
    this.#faults = linkFaultsOf(faults);
    for (const relay of this.#shell.open) relay.setFaults(this.#faults);
  }

  stats(): ProxyStats {
    const { up, down } = this.#byteCounts;
    return { ...this.#shell.stats, bytesUp: up, bytesDown: down, receivedUp: up, receivedDown: down };
  }

  connections(page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#shell.page(page);
  }

  kill(connection: number): boolean {
    return this.#shell.kill(connection);
  }

  close(): Promise<void> {
    return this.#shell.close((relay) => relay.cut('proxyClosed'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #enter({ accepted, identity, met }: Newcomer): void {
    const options = this.#optionsOf(identity, met);
    const relay = this.spec.protocol === 'http2' ? new Http2Relay(options, accepted) : new Relay(options, accepted);
    this.#shell.add(identity.connection, relay);
    relay.setFaults(this.#faults);
  }

  /** Beyond the bound on connections no copy is sent; without any, the fault has done nothing. */
  #sendCopies(order: CopyOrder, exchange: OpenExchange, source: string | undefined): void {
    if (this.#shell.isClosing) return;
    const copies = Math.min(order.copies, this.#shell.room);
    if (copies <= 0) miss(order.fault, exchange);
    for (let n = 0; n < copies; n++) {
      const identity = this.#shell.nextIdentity();
      const copy = new RequestCopy(this.#optionsOf(identity), order, source);
      this.#shell.add(identity.connection, copy);
      copy.setFaults(this.#faults);
      copy.start();
    }
  }

  /** Named one by one, because this is made for every connection, and V8 takes microseconds to add to what it has spread. */
  #optionsOf({ link, instance: to, connection }: NewcomerIdentity, met?: ConnectionFaults): RelayOptions {
    const { ports, limits, observer, upstream, dial, sendCopies, count, ended } = this.#relayOptions;
    const identity = { link, from: this.spec.from ?? 'client', to, connection };
    return { ports, limits, observer, upstream, dial, sendCopies, count, ended, identity, met };
  }
}
