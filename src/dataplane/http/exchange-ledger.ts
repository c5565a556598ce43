/**
 * The exchanges of one connection from request to record. Answers are due in the order of the requests; each exchange is told once, and what
 * was decided first stays said: a caller that has half-closed before its answer was whole had given up, whatever came of it later.
 */
import { type Ending, endingOf } from '../../journal/ending.js';
import type { Connection, Exchange, ExchangeEnd, FailedHandshake } from '../../journal/observations.js';
import type { Observer } from '../observe/observer.js';
import type { ProxyPorts } from '../proxy.js';
import { failedHandshakeOf } from '../tls/handshake-error.js';
import type { NamedRequest, OpenExchange } from './open-exchange.js';

export interface RelayIdentity {
  link: string;
  from: string;
  to: string;
  /** Counts from 1 on each link. */
  connection: number;
}

export class ExchangeLedger {
  /** When the caller half-closed. */
  callerEndMs: number | undefined;
  /** When the callee half-closed a tunnel. */
  calleeEndMs: number | undefined;
  readonly #ports: ProxyPorts;
  readonly #identity: RelayIdentity;
  readonly #observer: Observer | undefined;
  readonly #due: OpenExchange[] = [];
  /** How the TLS handshake with the callee failed, if it did. */
  #handshake: FailedHandshake | undefined;
  /** How the dial ended, if it failed. */
  #dialEnding: Ending | undefined;
  #tunnel: OpenExchange | undefined;
  #hasRequests = false;

  constructor({ ports, identity, observer }: { ports: ProxyPorts; identity: RelayIdentity; observer: Observer | undefined }) {
    this.#ports = ports;
    this.#identity = identity;
    this.#observer = observer;
  }

  /** Exchanges whose answers are due. */
  get dueCount(): number {
    return this.#due.length;
  }

  /** The oldest of them, or the one after that. */
  due(index: 0 | 1): OpenExchange | undefined {
    return this.#due[index];
  }

  /** The exchange that has become a tunnel. */
  get tunnel(): OpenExchange | undefined {
    return this.#tunnel;
  }

  add(exchange: OpenExchange): void {
    this.#due.push(exchange);
  }

  takeOldest(): OpenExchange | undefined {
    return this.#due.shift();
  }

  /** The oldest answer opened a tunnel. */
  openTunnel(): void {
    this.#tunnel = this.#due.shift();
  }

  *open(): Generator<OpenExchange> {
    yield* this.#due;
    if (this.#tunnel !== undefined) yield this.#tunnel;
  }

  /** Takes note of why the callee could not be reached; what waits for it ends so. */
  dialFailed(error: Error): 'connectFailed' | 'handshakeFailed' {
    this.#handshake = failedHandshakeOf(error);
    if (this.#handshake !== undefined) return 'handshakeFailed';
    this.#dialEnding = endingOfDial(error);
    return 'connectFailed';
  }

  /** Takes note of how the callee went without an orderly end; what waits for it ends so. */
  brokenOff(error: Error): 'upstreamReset' | 'handshakeFailed' {
    this.#handshake = failedHandshakeOf(error);
    return this.#handshake === undefined ? 'upstreamReset' : 'handshakeFailed';
  }

  /** Tells how it ended, unless that was told already. */
  record(exchange: OpenExchange<NamedRequest>, end: ExchangeEnd, endMs = this.#ports.clock.nowMs()): void {
    if (!exchange.close()) return;
    this.#hasRequests = true;
    if (this.#observer === undefined) return;
    const told = this.#told(exchange, end, endMs);
    const observation = exchange.toObservation(this.#identity, told);
    if (exchange.request !== undefined) Object.assign(observation, this.#observer.notes(exchange.request, exchange.requestBody));
    if (exchange.answered !== undefined) Object.assign(observation, this.#observer.answerNotes(exchange.answered));
    if (observation.end === 'handshakeFailed' && this.#handshake !== undefined) observation.handshake = this.#handshake;
    if (told.end !== 'complete' || exchange.ending !== undefined) Object.assign(observation, this.#ending(exchange, observation, end));
    this.#ports.record(observation);
  }

  /** All that is open is ended so. */
  noteEnding(ending: Ending): void {
    for (const exchange of this.open()) exchange.ending ??= ending;
  }

  /** Tells of all that is open, and forgets it. */
  recordOpen(end: ExchangeEnd): void {
    for (const exchange of this.open()) this.record(exchange, end);
    this.#due.length = 0;
    this.#tunnel = undefined;
  }

  /** Tells of the connection itself, if no request ever came on it. */
  recordConnection(connection: Omit<Connection, 'kind' | 'endMs' | keyof RelayIdentity>): void {
    if (!this.#hasRequests) this.#ports.record({ kind: 'connection', ...this.#identity, endMs: this.#ports.clock.nowMs(), ...connection });
  }

  #ending(exchange: OpenExchange<NamedRequest>, observation: Exchange, cause: ExchangeEnd): Ending | undefined {
    if (observation.end === 'clientClosed') return endingOf({ end: 'clientClosed' });
    if (exchange.ending !== undefined) return exchange.ending;
    if (observation.end === 'connectFailed') return this.#dialEnding;
    return endingOf(observation.end === 'tunnel' ? { end: this.#causeOfTunnelEnd(cause) } : observation);
  }

  /** A caller answers the callee's end with its own. */
  #causeOfTunnelEnd(cause: ExchangeEnd): ExchangeEnd {
    const { callerEndMs = Number.POSITIVE_INFINITY, calleeEndMs = Number.POSITIVE_INFINITY } = this;
    return cause === 'clientClosed' && calleeEndMs < callerEndMs ? 'upstreamClosed' : cause;
  }

  #told(exchange: OpenExchange<NamedRequest>, end: ExchangeEnd, endMs: number): { end: ExchangeEnd; endMs: number } {
    if (exchange === this.#tunnel)
      return { end: end === 'faultReset' || end === 'proxyClosed' || end === 'killed' ? end : 'tunnel', endMs };
    if (this.callerEndMs === undefined || end === 'malformedRequest') return { end, endMs };
    return { end: 'clientClosed', endMs: this.callerEndMs };
  }
}

/** A refusal is the callee's own word; of silence and of what the network says, it knows nothing. */
function endingOfDial({ code = '' }: NodeJS.ErrnoException): Ending {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return { endedBy: 'callee', endedHow: 'rst' };
  return { endedBy: 'link', endedHow: code === 'ETIMEDOUT' ? 'timeout' : 'unreachable' };
}
