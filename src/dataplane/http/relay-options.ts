/** What a link hands each of its connections, whatever speaks on it. */
import type { Address } from '../address.js';
import type { ConnectionFaults } from '../connection-faults.js';
import type { FlowDirection } from '../faults/fault.js';
import type { UpstreamDial } from '../link-ends.js';
import type { Observer } from '../observe/observer.js';
import type { ProxyLimits, ProxyPorts } from '../proxy.js';
import type { Wire } from '../wire.js';
import type { RelayIdentity } from './exchange-ledger.js';
import type { OpenExchange } from './open-exchange.js';
import type { CopyOrder } from './request-copier.js';

export interface RelayOptions {
  ports: ProxyPorts;
  limits: ProxyLimits;
  upstream: Address;
  /** Dials the upstream, inside of TLS if the link says so. */
  dial(dial: UpstreamDial): Wire;
  /** Faults as the connection's TLS handshake has met them. */
  met?: ConnectionFaults | undefined;
  identity: RelayIdentity;
  /** Reads off a request what is noted of it; undefined: nothing is recorded at all. */
  observer: Observer | undefined;
  /** Sends copies of a request of this exchange, whose caller has this address, on connections of their own. */
  sendCopies(order: CopyOrder, exchange: OpenExchange, source: string | undefined): void;
  /** So many bytes were handed on. */
  count(direction: FlowDirection, byteCount: number): void;
  /** Both sockets of the connection of this number are gone. Called once. */
  ended(connection: number): void;
}
