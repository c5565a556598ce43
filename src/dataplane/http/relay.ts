/**
 * One caller's HTTP connection and its one upstream connection. It keeps the queue of exchanges whose answers are due, and decides how the
 * connection ends; its two sides read and pass on the messages. Every exchange is recorded once, whichever way it went.
 */
import type net from 'node:net';
import type { Connection, ExchangeEnd, Observation } from '../../journal/observations.js';
import type { Address } from '../address.js';
import { Alarm } from '../alarm.js';
import { ConnectionFaults } from '../connection-faults.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { FlowDirection, ResponseHead } from '../faults/fault.js';
import type { ProxyLimits, ProxyPorts } from '../proxy.js';
import { acceptWire, type ReadMode, type Wire } from '../wire.js';
import { createRefusal } from './answer.js';
import type { Malformation } from './malformation.js';
import type { Answer, OpenExchange } from './open-exchange.js';
import { type RequestHost, RequestSide } from './request-side.js';
import { type ResponseHost, ResponseSide } from './response-side.js';
import { type MessageFaults, messageFaultsOf, type Ruling, ruleOn } from './rule-on.js';
import { type LegEvents, UpstreamLeg } from './upstream-leg.js';

/** Exchanges of one connection whose answers are due; beyond it the caller is paused. */
const PIPELINED_MAX = 1024;
/**
 * A caller that has half-closed and gets no byte of an answer for so long has given up: hardly any HTTP client half-closes and waits on, and one
 * that timed out looks just the same. Its exchanges are recorded as `clientClosed`, and its sockets are freed unless a fault holds its bytes.
 */
export const ABANDONED_MS = 1_000;
/** How long a caller may take to close its half after our end. */
const LINGER_MS = 2_000;
/** How long a caller may leave the last bytes that it was sent untouched. */
const LAST_BYTES_MS = 60_000;

export interface RelayIdentity {
  link: string;
  from: string;
  to: string;
  /** Counts from 1 on each link. */
  connection: number;
}

export interface RelayOptions {
  ports: ProxyPorts;
  limits: ProxyLimits;
  upstream: Address;
  identity: RelayIdentity;
  /** So many bytes were handed on. */
  count(direction: FlowDirection, byteCount: number): void;
  /** Both sockets are gone. Called once. */
  ended(relay: Relay): void;
}

/** Faults of a link, with those that look at messages sorted once for all its connections. */
export interface LinkFaults {
  all: readonly ActiveFault[];
  messages: MessageFaults;
}

export function linkFaultsOf(faults: readonly ActiveFault[]): LinkFaults {
  return { all: faults, messages: messageFaultsOf(faults) };
}

/** `closing`: the last bytes for the caller are on their way. `closed`: what remains is for the sockets to go. */
type State = 'open' | 'closing' | 'closed';
type Cut = 'clientReset' | 'upstreamReset' | 'faultReset' | 'proxyClosed' | 'connectFailed' | 'malformedRequest' | 'malformedResponse';

export class Relay {
  readonly #options: RelayOptions;
  readonly #startMs: number;
  readonly #client: Wire;
  readonly #leg: UpstreamLeg;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  /** Exchanges whose answers are due, oldest first. */
  readonly #queue: OpenExchange[] = [];
  readonly #abandoned: Alarm;
  readonly #linger: Alarm;
  readonly #connectionFaults: ConnectionFaults;
  #faults: LinkFaults = { all: [], messages: { up: [], down: [] } };
  /** TCP faults that are on this connection now. */
  #wireFaults: readonly { id: string; isApplied: boolean }[] = [];
  #tunnel: OpenExchange | undefined;
  #state: State = 'open';
  #isClientGone = false;
  #hasEnded = false;
  #isPaused = false;
  #isUpFull = false;
  /** Whether the caller leaves untaken what it was sent; `ours`: answers of our own among it, so that it must not ask for more. */
  #clientFull: 'no' | 'callee' | 'ours' = 'no';
  #clientEndMs: number | undefined;
  #bytesUp = 0;
  #bytesDown = 0;
  #bytesDownSeen = 0;
  #queuedBytesSeen = Number.POSITIVE_INFINITY;

  constructor(options: RelayOptions, { socket, mode }: { socket: net.Socket; mode: ReadMode }) {
    const { ports, limits, identity, upstream } = options;
    const { clock } = ports;
    this.#options = options;
    this.#startMs = clock.nowMs();
    const { connectTimeoutMs, heldBytesMax } = limits;
    this.#leg = new UpstreamLeg({ clock, upstream, connectTimeoutMs, heldBytesMax }, this.#legEvents());
    this.#requests = new RequestSide({ clock, limits, host: this.#requestHost() });
    this.#responses = new ResponseSide({ clock, limits, host: this.#responseHost() });
    this.#connectionFaults = new ConnectionFaults({ instance: identity.to, connection: identity.connection, startMs: this.#startMs });
    this.#abandoned = new Alarm(clock, () => this.#giveUp());
    this.#linger = new Alarm(clock, () => this.#lingered());
    this.#client = acceptWire(socket, {
      mode,
      handlers: {
        data: (bytes) => this.#requests.data(bytes, this.#client),
        end: () => this.#clientEnded(),
        drain: () => this.#clientDrained(),
        close: (error) => this.#clientGone(error),
      },
    });
  }

  get heldBytes(): number {
    return this.#leg.heldBytes;
  }

  /** Replaces the faults; takes effect before it returns. Messages that were ruled on already keep their ruling, but not the delay of a fault that is gone. */
  setFaults(faults: LinkFaults): void {
    if (this.#state !== 'open') return;
    this.#faults = faults;
    const isNew = this.#leg.isIdle;
    const up = this.#connectionFaults.stages(faults.all, { direction: 'up', isNew });
    const down = this.#connectionFaults.stages(faults.all, { direction: 'down', isNew });
    this.#wireFaults = this.#currentWireFaults(faults.all);
    for (const exchange of this.#openExchanges()) this.#noteWireFaults(exchange);
    this.#leg.setStages({ up, down });
    this.#requests.retainDelays(faults.all);
    this.#responses.retainDelays(faults.all);
  }

  /** Resets both sides and records what was open. */
  close(): void {
    this.#cut('proxyClosed');
  }

  // ------------------------------------------------------------------------------------------------------------ parts

  #requestHost(): RequestHost {
    return {
      ruleOnRequest: (exchange) => this.#rule(exchange, undefined),
      enqueue: (exchange) => this.#enqueue(exchange),
      sendUp: (bytes, source) => this.#sendUp(bytes, source),
      answerDue: () => this.#giveAnswers(),
      refused: (exchange) => this.#requestRefused(exchange),
      cutByFault: () => this.#cut('faultReset'),
      requestsEnded: (isCutShort) => this.#requestsEnded(isCutShort),
      steer: () => this.#steer(),
    };
  }

  #responseHost(): ResponseHost {
    return {
      front: () => this.#queue[0],
      isAnswerDueNext: () => this.#queue[1]?.answer !== undefined,
      ruleOnResponse: (exchange, response) => this.#rule(exchange, response),
      sendDown: (bytes, source) => this.#sendDown(bytes, source),
      completed: (atMs) => this.#completed(atMs),
      replaced: () => this.#replaced(),
      tunnelAnswered: (isTunnel) => this.#tunnelAnswered(isTunnel),
      responseRefused: (problem) => this.#responseRefused(problem),
      cutByFault: () => this.#cut('faultReset'),
      responsesEnded: () => this.#responsesEnded(),
      readOn: () => this.#readOn(),
    };
  }

  #legEvents(): LegEvents {
    return {
      data: (bytes, source) => this.#responses.data(bytes, source),
      end: () => this.#responses.end(),
      saturated: (isFull) => {
        this.#isUpFull = isFull;
        this.#steer();
      },
      reset: () => this.#cut('faultReset'),
      failed: (error) => this.#dialFailed(error),
      broken: () => this.#cut('upstreamReset'),
      gone: () => this.#endIfBothGone(),
    };
  }

  // ----------------------------------------------------------------------------------------------------------- faults

  #rule(exchange: OpenExchange, response: ResponseHead | undefined): Ruling | undefined {
    if (response === undefined) this.#noteWireFaults(exchange);
    const faults = this.#faults.messages[response === undefined ? 'up' : 'down'];
    const { request } = exchange;
    if (faults.length === 0 || request === undefined) return undefined;
    const { to: instance, connection } = this.#options.identity;
    return ruleOn({
      faults,
      exchange,
      request,
      instance,
      connection,
      connectionStartMs: this.#startMs,
      ...(response !== undefined && { response }),
    });
  }

  #currentWireFaults(faults: readonly ActiveFault[]): { id: string; isApplied: boolean }[] {
    const matched = new Set(this.#connectionFaults.matched);
    if (matched.size === 0) return [];
    const applied = new Set(this.#connectionFaults.applied);
    return faults.filter(({ id }) => matched.has(id)).map(({ id }) => ({ id, isApplied: applied.has(id) }));
  }

  #noteWireFaults(exchange: OpenExchange): void {
    for (const { id, isApplied } of this.#wireFaults) exchange.met(id, isApplied);
  }

  // --------------------------------------------------------------------------------------------------------- requests

  #enqueue(exchange: OpenExchange): void {
    this.#queue.push(exchange);
    if (this.#queue.length >= PIPELINED_MAX) this.#steer();
  }

  #sendUp(bytes: Buffer, source: Wire | undefined): void {
    this.#bytesUp += bytes.length;
    this.#options.count('up', bytes.length);
    this.#leg.send(bytes, source);
  }

  #requestRefused(exchange: OpenExchange): void {
    // When an answer is under way already, a second one would be read as part of it.
    if (exchange.isRecorded || exchange.responseStartMs !== undefined) this.#cut('malformedRequest');
    else this.#giveAnswers();
  }

  #requestsEnded(isCutShort: boolean): void {
    if (isCutShort) {
      this.#recordOpen('clientClosed');
      this.#startClosing();
    } else if (!this.#leg.isIdle) {
      this.#leg.end();
    } else if (this.#queue.length === 0) {
      this.#startClosing();
    }
  }

  // -------------------------------------------------------------------------------------------------------- responses

  #sendDown(bytes: Buffer, source: Wire | undefined): boolean {
    this.#bytesDown += bytes.length;
    this.#options.count('down', bytes.length);
    const mayGoOn = source === undefined ? this.#client.write(bytes) : this.#client.forward(bytes, source);
    if (!mayGoOn && this.#clientFull === 'no') this.#clientFull = 'callee';
    return mayGoOn;
  }

  #completed(atMs: number): void {
    const exchange = this.#queue.shift();
    if (exchange !== undefined) this.#record(exchange, 'complete', atMs);
    this.#giveAnswers();
    if (this.#isPaused) this.#steer();
  }

  /** Gives the answers of ours whose turn has come. */
  #giveAnswers(): void {
    while (this.#state === 'open') {
      const exchange = this.#queue[0];
      if (exchange?.answer === undefined) return;
      this.#queue.shift();
      this.#give(exchange, exchange.answer);
    }
  }

  #replaced(): void {
    const exchange = this.#queue[0];
    if (exchange?.answer === undefined) return;
    this.#give(exchange, exchange.answer);
    // It keeps its place until the callee's own answer is through, and has been given.
    exchange.answer = undefined;
  }

  #give(exchange: OpenExchange, answer: Answer): void {
    const nowMs = this.#options.ports.clock.nowMs();
    exchange.status = answer.status;
    exchange.responseStartMs = nowMs;
    exchange.bytesDown = answer.bytes.length;
    if (!this.#sendDown(answer.bytes, undefined)) {
      this.#clientFull = 'ours';
      this.#steer();
    }
    this.#record(exchange, answer.end, nowMs);
    if (!answer.closes) return;
    this.#recordOpen(answer.end === 'complete' ? 'upstreamClosed' : answer.end);
    // A callee that has seen half a request, or that cannot be understood, must not take our end for a good one.
    if (answer.end !== 'complete') this.#leg.reset();
    this.#startClosing();
  }

  #tunnelAnswered(isTunnel: boolean): void {
    if (isTunnel) this.#tunnel = this.#queue.shift();
    this.#requests.tunnelAnswered(isTunnel);
  }

  #responseRefused(problem: Malformation): void {
    this.#failFront('malformedResponse', `${this.#options.identity.link}: the upstream's response cannot be passed on: ${problem}`);
  }

  #dialFailed(error: NodeJS.ErrnoException): void {
    const { identity, upstream } = this.#options;
    this.#failFront(
      'connectFailed',
      `${identity.link}: cannot connect to ${upstream.host}:${upstream.port}: ${error.code ?? error.message}`,
    );
  }

  /** Tells the caller with a 502 what became of its oldest request, if it has not read the start of another answer; the connection ends. */
  #failFront(end: 'malformedResponse' | 'connectFailed', sentence: string): void {
    const exchange = this.#queue[0];
    if (exchange === undefined || exchange.isOurs || exchange.isRecorded || exchange.responseStartMs !== undefined) {
      this.#cut(end);
      return;
    }
    this.#queue.shift();
    this.#give(exchange, createRefusal(502, sentence, { request: exchange.request, end }));
  }

  #responsesEnded(): void {
    if (this.#tunnel !== undefined) {
      this.#client.end();
      return;
    }
    this.#recordOpen('upstreamClosed');
    this.#startClosing();
  }

  #readOn(): void {
    if (this.#clientFull === 'no') this.#leg.resume();
  }

  // ----------------------------------------------------------------------------------------------------------- client

  #steer(): void {
    if (this.#state !== 'open') return;
    const isFull = this.#isUpFull || this.#clientFull === 'ours' || this.#queue.length >= PIPELINED_MAX || this.#requests.isFull;
    if (isFull === this.#isPaused) return;
    this.#isPaused = isFull;
    if (isFull) this.#client.pause();
    else this.#client.resume();
  }

  #clientDrained(): void {
    this.#clientFull = 'no';
    if (this.#state === 'closing') this.#endClient();
    else if (!this.#responses.isHolding) this.#leg.resume();
    this.#steer();
  }

  #clientEnded(): void {
    this.#clientEndMs = this.#now();
    if (this.#state !== 'open') return;
    this.#requests.end();
    if (this.#state === 'open') this.#watchAbandoned();
  }

  #clientGone(error: NodeJS.ErrnoException | undefined): void {
    this.#isClientGone = true;
    if (this.#state !== 'closed') {
      const isReset = error !== undefined && this.#clientEndMs === undefined;
      this.#recordOpen(isReset ? 'clientReset' : 'clientClosed');
      if (isReset) this.#leg.reset();
      this.#over(isReset ? 'clientReset' : 'closed');
    }
    this.#endIfBothGone();
  }

  #watchAbandoned(): void {
    this.#bytesDownSeen = this.#bytesDown;
    this.#abandoned.set(this.#now() + ABANDONED_MS);
  }

  #giveUp(): void {
    if (this.#tunnel !== undefined) return;
    if (this.#bytesDown !== this.#bytesDownSeen) {
      this.#watchAbandoned();
      return;
    }
    for (const exchange of this.#openExchanges()) this.#record(exchange, 'clientClosed', this.#clientEndMs);
    if (this.#requests.heldExchange !== undefined || this.#responses.isHolding || this.#leg.isHolding) {
      this.#watchAbandoned();
      return;
    }
    this.#leg.reset();
    this.#client.destroy();
    this.#over('closed');
  }

  // -------------------------------------------------------------------------------------------------------------- end

  /** Takes nothing more from either side, and lets the caller have its last bytes. */
  #startClosing(): void {
    this.#state = 'closing';
    this.#requests.close();
    this.#responses.close();
    this.#leg.destroy();
    this.#abandoned.cancel();
    // What the caller still sends is read and dropped: left unread, it would turn our end into a RST that overtakes the last bytes.
    this.#client.resume();
    if (this.#clientFull === 'no') this.#endClient();
    else this.#linger.set(this.#now() + LAST_BYTES_MS);
  }

  #endClient(): void {
    this.#client.end();
    this.#linger.set(this.#now() + LINGER_MS);
  }

  #lingered(): void {
    const { queuedBytes } = this.#client;
    if (queuedBytes > 0 && queuedBytes < this.#queuedBytesSeen) {
      this.#queuedBytesSeen = queuedBytes;
      this.#linger.set(this.#now() + LAST_BYTES_MS);
      return;
    }
    this.#client.destroy();
    this.#over('closed');
  }

  #cut(end: Cut): void {
    if (this.#state === 'closed') return;
    this.#recordOpen(end);
    this.#client.reset();
    this.#leg.reset();
    this.#over(end === 'malformedRequest' || end === 'malformedResponse' ? 'closed' : end);
  }

  #over(end: Connection['end']): void {
    this.#state = 'closed';
    this.#requests.close();
    this.#responses.close();
    this.#abandoned.cancel();
    this.#linger.cancel();
    this.#leg.destroy();
    if (this.#requests.requestCount === 0) this.#recordConnection(end);
  }

  #endIfBothGone(): void {
    if (this.#hasEnded || !this.#isClientGone || !this.#leg.isGone) return;
    this.#hasEnded = true;
    this.#options.ended(this);
  }

  // ----------------------------------------------------------------------------------------------------------- record

  *#openExchanges(): Generator<OpenExchange> {
    yield* this.#queue;
    if (this.#requests.heldExchange !== undefined) yield this.#requests.heldExchange;
    if (this.#tunnel !== undefined) yield this.#tunnel;
  }

  /** Whatever came of it later: once the caller has half-closed without its answer, that is how the exchange ended. */
  #recordOpen(end: ExchangeEnd): void {
    const told = this.#clientEndMs === undefined ? end : 'clientClosed';
    for (const exchange of this.#openExchanges()) this.#record(exchange, told, this.#clientEndMs);
    this.#queue.length = 0;
    this.#tunnel = undefined;
  }

  #record(exchange: OpenExchange, end: ExchangeEnd, endMs = this.#now()): void {
    if (exchange.isRecorded) return;
    exchange.isRecorded = true;
    const isOurDoing = end === 'faultReset' || end === 'proxyClosed';
    const told = exchange === this.#tunnel && !isOurDoing ? 'tunnel' : end;
    this.#tell(exchange.toObservation({ ...this.#options.identity, end: told, endMs }));
  }

  /** Without a request, the connection itself is all there is to tell. */
  #recordConnection(end: Connection['end']): void {
    const { matched, applied } = this.#connectionFaults;
    this.#tell({
      kind: 'connection',
      ...this.#options.identity,
      startMs: this.#startMs,
      endMs: this.#now(),
      end,
      bytesUp: this.#bytesUp,
      bytesDown: this.#bytesDown,
      ...(matched.length > 0 && { matched, applied }),
    });
  }

  #tell(observation: Observation): void {
    this.#options.ports.record(observation);
  }

  #now(): number {
    return this.#options.ports.clock.nowMs();
  }
}
