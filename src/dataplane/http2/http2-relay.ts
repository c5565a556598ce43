/**
 * One caller's HTTP/2 connection and its one upstream connection: the caller's session, the callee's, and the streams between them. It carries what
 * concerns all streams at once (settings, GOAWAY, the ends of connections), and is to the proxy what the relay of HTTP/1.1 is.
 */
import http2, { type ClientHttp2Stream, type ServerHttp2Stream } from 'node:http2';
import type { Connection, ExchangeEnd } from '../../journal/observations.js';
import { Alarm } from '../alarm.js';
import { toldFaults } from '../encounters.js';
import type { FlowDirection } from '../faults/fault.js';
import { dialFailure } from '../http/dial-failure.js';
import { ExchangeLedger } from '../http/exchange-ledger.js';
import { OpenExchange } from '../http/open-exchange.js';
import { createRefusedExchange } from '../http/refused-exchange.js';
import { type LinkFaults, RelayFaults } from '../http/relay-faults.js';
import type { RelayOptions } from '../http/relay-options.js';
import type { Outcome } from '../http/rule-on.js';
import type { OpenConnection } from '../open-connections.js';
import type { ConnectionState } from '../proxy.js';
import type { Accepted } from '../wire.js';
import { CallerSession } from './caller-session.js';
import type { HeaderBlock } from './header-block.js';
import type { SendOptions } from './message-phase.js';
import { StreamCopies } from './stream-copies.js';
import type { StreamHost } from './stream-host.js';
import { StreamRelay } from './stream-relay.js';
import { unreachable } from './unreachable.js';
import { UpstreamSession } from './upstream-session.js';

const { NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

/** How long a callee may take to close its half after our end; and how often we look whether faults still hold what a caller has left behind. */
const LINGER_MS = 2_000;

/** `closing`: the caller has been told of the end, or is about to be. `closed`: what remains is for the sockets to go. */
type State = 'open' | 'closing' | 'closed';

export class Http2Relay implements OpenConnection {
  readonly startMs: number;
  readonly #options: RelayOptions;
  readonly #caller: CallerSession;
  readonly #upstream: UpstreamSession;
  readonly #streamHost: StreamHost;
  readonly #faults: RelayFaults;
  readonly #ledger: ExchangeLedger;
  readonly #streams = new Set<StreamRelay>();
  readonly #copies: StreamCopies;
  readonly #linger: Alarm;
  /** Looks whether what a callee has left behind is all passed on. */
  readonly #drained: Alarm;
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };
  #state: State = 'open';
  #ordinal = 0;
  /** The newest stream of the caller's. */
  #lastStreamId = 0;
  /** The callee has half-closed: what is whole is passed on, then all ends. */
  #hasCalleeEnded = false;

  constructor(options: RelayOptions, accepted: Accepted) {
    const { ports, limits, identity } = options;
    const { clock } = ports;
    this.#options = options;
    this.startMs = clock.nowMs();
    const { link, from, to: instance, connection } = identity;
    const source = (): string | undefined => this.#caller.remoteAddress;
    this.#faults = new RelayFaults(clock, { link, from, instance, connection, startMs: this.startMs, source }, options.met);
    this.#ledger = new ExchangeLedger(options);
    this.#linger = new Alarm(clock, () => this.#lingered());
    this.#drained = new Alarm(clock, () => this.#endIfDrained());
    this.#upstream = this.#createUpstream();
    this.#copies = this.#createCopies();
    this.#streamHost = this.#createStreamHost();
    this.#caller = new CallerSession(
      accepted,
      { clock, limits },
      {
        opened: (stream, head) => this.#opened(stream, head),
        goneAway: (code, debugData) => this.#upstream.sayGoaway(code, debugData),
        left: () => this.#callerEnded('clientClosed'),
        malformed: () => this.#callerEnded('malformedRequest'),
        gone: (error) => this.#callerGone(error),
        sent: (byteCount) => this.#count('down', byteCount),
      },
    );
  }

  get heldBytes(): number {
    let sum = this.#upstream.heldBytes;
    for (const stream of this.#streams) sum += stream.heldBytes;
    return sum;
  }

  /** Replaces the faults, at once. A message that was ruled on keeps its ruling, but not what a fault that is gone has asked for. */
  setFaults(faults: LinkFaults): void {
    if (this.#state === 'closed') return;
    const stages = this.#faults.set(faults, { isNew: this.#upstream.isIdle });
    for (const { exchange } of this.#streams) this.#faults.note(exchange);
    this.#upstream.setStages(stages);
    for (const stream of this.#streams) stream.retain(faults.all);
    this.#copies.retain(faults.all);
  }

  state(): ConnectionState {
    const { up: bytesUp, down: bytesDown } = this.#byteCounts;
    const { remoteAddress: source } = this.#caller;
    return { source, bytesUp, bytesDown, heldBytes: this.heldBytes, faults: this.#faults.applied };
  }

  /** Resets both sides and records what was open. */
  cut(end: ExchangeEnd): void {
    if (this.#state === 'closed') return;
    this.#recordOpen(end);
    this.#caller.reset();
    this.#upstream.reset();
    this.#over(end);
  }

  // ------------------------------------------------------------------------------------------------------------- caller

  #opened(caller: ServerHttp2Stream, head: { block: HeaderBlock; endStream: boolean }): void {
    if (this.#state !== 'open' || this.#caller.hasGoneAway) {
      // After a GOAWAY the caller knows that nobody hears it.
      caller.on('error', () => {});
      caller.close(NGHTTP2_REFUSED_STREAM);
      return;
    }
    this.#ordinal += 1;
    this.#lastStreamId = caller.id ?? 0;
    const stream = new StreamRelay(this.#streamHost, caller, { ordinal: this.#ordinal, ...head });
    this.#streams.add(stream);
    stream.begin();
  }

  #createStreamHost(): StreamHost {
    const { ports, limits, identity, observer } = this.#options;
    return {
      identity,
      observer,
      clock: ports.clock,
      heldBytesMax: limits.heldBytesMax,
      rule: (exchange, response) => this.#faults.rule(exchange, response),
      needsBody: (exchange) => this.#faults.needBody(exchange),
      request: (block, options) => this.#request(block, options),
      sendCopies: (order, message) => this.#copies.send(order, message),
      sayGoaway: ({ code, lastStream, debugData }, streamId) => {
        const lastStreamId = { this: streamId, before: Math.max(0, streamId - 2), none: 0 }[lastStream];
        this.#caller.sayGoaway({ code, lastStreamId, debugData: Buffer.from(debugData) });
      },
      sendRaw: (outcome) => this.#sendRaw(outcome),
      moved: () => this.#moved(),
      record: (exchange, end) => this.#ledger.record(exchange, end),
      gone: (stream) => {
        this.#streams.delete(stream);
        this.#moved();
      },
    };
  }

  #createCopies(): StreamCopies {
    const { clock } = this.#options.ports;
    return new StreamCopies({
      clock,
      request: (block, options) => this.#request(block, options),
      open: (request) => {
        this.#ordinal += 1;
        const { method, target: path } = request;
        const exchange = new OpenExchange({ ordinal: this.#ordinal, startMs: clock.nowMs(), method, path, request, isCopy: true });
        this.#faults.note(exchange);
        return exchange;
      },
      record: (exchange, end) => this.#ledger.record(exchange, end),
    });
  }

  #request(block: HeaderBlock, options: SendOptions): ClientHttp2Stream {
    return this.#upstream.request(block, { ...options, callerSettings: this.#caller.settings });
  }

  #sendRaw({ bytes, ending }: Extract<Outcome, { kind: 'raw' }>): void {
    for (const { exchange } of this.#streams) exchange.ending ??= { endedBy: 'fault', endedHow: ending === 'reset' ? 'rst' : 'fin' };
    this.#recordOpen('faultReset');
    this.#upstream.reset();
    this.#startClosing();
    this.#caller.endWith(bytes, ending);
  }

  /** Nothing more is to be heard of it. What it was told last still goes out. */
  #callerEnded(end: 'clientClosed' | 'malformedRequest'): void {
    if (this.#state !== 'open') return;
    // Of one that was not understood from the start, such as HTTP/1.1, there is no stream to tell.
    const isUnread = end === 'malformedRequest' && this.#ordinal === 0;
    if (isUnread) this.#ledger.record(createRefusedExchange({ ordinal: 1, startMs: this.startMs, bytes: Buffer.alloc(0) }), end);
    this.#recordOpen(end);
    this.#startClosing();
    this.#upstream.end();
    this.#caller.close();
  }

  #callerGone(error: NodeJS.ErrnoException | undefined): void {
    const end = error === undefined ? 'clientClosed' : 'clientReset';
    this.#recordOpen(end);
    if (this.#state === 'open' && end === 'clientReset') this.#upstream.reset();
    else if (this.#state === 'open') this.#upstream.end();
    this.#over(end);
    this.#endIfBothGone();
  }

  // ------------------------------------------------------------------------------------------------------------- callee

  #createUpstream(): UpstreamSession {
    const { ports, limits, identity, upstream, dial } = this.#options;
    const { link } = identity;
    const options = { clock: ports.clock, limits, upstream, dial };
    return new UpstreamSession(options, {
      settled: (settings) => this.#caller.settle(settings),
      // Streams that the callee has not heard are reset by its session, with a code that says so; the caller has had no others.
      goneAway: ({ code, debugData }) => this.#caller.sayGoaway({ code, lastStreamId: this.#lastStreamId, debugData }),
      ended: () => this.#calleeEnded(),
      failed: (error) => this.#failed(this.#ledger.dialFailed(error), dialFailure({ link, upstream }, error)),
      broken: (error) => this.cut(this.#ledger.brokenOff(error)),
      malformed: () => this.cut('malformedResponse'),
      cutByFault: () => this.cut('faultReset'),
      gone: () => this.#endIfBothGone(),
      sent: (byteCount) => this.#count('up', byteCount),
    });
  }

  /** Nobody is there: every stream is told so, and the caller has to come back on another connection. */
  #failed(end: 'connectFailed' | 'handshakeFailed', sentence: string): void {
    this.#caller.sayGoaway({ code: NGHTTP2_NO_ERROR, lastStreamId: this.#lastStreamId, debugData: Buffer.alloc(0) });
    for (const stream of this.#streams) stream.fail(end, unreachable(sentence, stream.exchange.request));
    this.#calleeEnded();
  }

  #calleeEnded(): void {
    this.#hasCalleeEnded = true;
    for (const stream of this.#streams) stream.calleeEnded();
    this.#moved();
  }

  #moved(): void {
    if (this.#hasCalleeEnded && this.#state === 'open') this.#drained.set(this.#options.ports.clock.nowMs());
  }

  /** The callee has ended, and all that was whole by then is on its way: the caller's connection ends as that of the callee did. */
  #endIfDrained(): void {
    if (this.#state !== 'open' || [...this.#streams].some((stream) => stream.isDraining)) return;
    this.#recordOpen('upstreamClosed');
    this.#startClosing();
    this.#upstream.destroy();
    this.#caller.close();
  }

  // --------------------------------------------------------------------------------------------------------------- ends

  #recordOpen(end: ExchangeEnd): void {
    for (const { exchange } of this.#streams) this.#ledger.record(exchange, end);
    this.#copies.close(end);
  }

  #startClosing(): void {
    this.#state = 'closing';
    this.#linger.set(this.#options.ports.clock.nowMs() + LINGER_MS);
  }

  #lingered(): void {
    // What faults hold is on its way, whoever sent it.
    if (this.#upstream.isHolding) this.#linger.set(this.#options.ports.clock.nowMs() + LINGER_MS);
    else this.#upstream.destroy();
  }

  #over(end: ExchangeEnd): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.#startClosing();
    this.#state = 'closed';
    this.#drained.cancel();
    this.#faults.end();
    const { up: bytesUp, down: bytesDown } = this.#byteCounts;
    const told = { startMs: this.startMs, end: connectionEnd(end), bytesUp, bytesDown };
    this.#ledger.recordConnection({ ...told, ...toldFaults(this.#faults.met) });
  }

  #endIfBothGone(): void {
    if (!this.#caller.isGone || !this.#upstream.isGone) return;
    this.#linger.cancel();
    this.#options.ended(this.#options.identity.connection);
  }

  #count(direction: FlowDirection, byteCount: number): void {
    this.#byteCounts[direction] += byteCount;
    this.#options.count(direction, byteCount);
  }
}

const CUTS = ['clientReset', 'upstreamReset', 'faultReset', 'killed', 'proxyClosed'] as const satisfies readonly Connection['end'][];

function connectionEnd(end: ExchangeEnd): Connection['end'] {
  return CUTS.find((cut) => cut === end) ?? 'closed';
}
