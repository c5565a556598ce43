/**
 * The callee's half of an HTTP/2 connection: a client session that writes and reads through the leg of HTTP/1.1 links, so that the TCP faults
 * of the link sit between it and the callee's socket. It dials when the first request asks for it.
 */
import http2 from 'node:http2';
import { type Address, formatAddress } from '../address.js';
import { type LegOptions, UpstreamLeg } from '../http/upstream-leg.js';
import type { StageSpec } from '../pipeline.js';
import type { Goaway } from './frames.js';
import type { HeaderBlock } from './header-block.js';
import type { SendOptions } from './message-phase.js';
import { SESSION_WINDOW_BYTES, sessionOptions } from './session-options.js';
import { SessionStream } from './session-stream.js';

const { NGHTTP2_REFUSED_STREAM } = http2.constants;

export interface UpstreamEvents {
  /** The callee has said how it wants to be spoken to. */
  settled(settings: http2.Settings): void;
  goneAway(goaway: Goaway): void;
  /** The callee has half-closed. Streams that are whole can still be read, until `destroy`. */
  ended(): void;
  /** The dial failed. */
  failed(error: NodeJS.ErrnoException): void;
  /** The callee is gone without an orderly end. */
  broken(error: NodeJS.ErrnoException): void;
  /** The callee cannot be understood. */
  malformed(): void;
  /** A TCP fault cuts the connection. */
  cutByFault(): void;
  /** The socket is gone, for whatever reason; called once, if there ever was one. */
  gone(): void;
  /** So many bytes were handed on, to the faults of the link or to the callee. */
  sent(byteCount: number): void;
}

export class UpstreamSession {
  readonly #options: LegOptions;
  readonly #events: UpstreamEvents;
  readonly #leg: UpstreamLeg;
  readonly #stream: SessionStream;
  #session: http2.ClientHttp2Session | undefined;
  #isFull = false;

  constructor(options: LegOptions, events: UpstreamEvents) {
    this.#options = options;
    this.#events = events;
    this.#leg = new UpstreamLeg(options, {
      data: (bytes, source) => this.#stream.receive(source?.keep(bytes) ?? bytes),
      end: () => events.ended(),
      saturated: (isFull) => {
        this.#isFull = isFull;
        if (!isFull) this.#stream.drained();
      },
      reset: () => events.cutByFault(),
      failed: (error) => events.failed(error),
      broken: (error) => events.broken(error),
      gone: () => events.gone(),
    });
    this.#stream = new SessionStream(
      { send: (bytes) => this.#send(bytes), end: () => this.#leg.end(), readOn: () => this.#leg.resume() },
      { isClient: true, gaveUp: () => events.malformed() },
    );
  }

  get isIdle(): boolean {
    return this.#leg.isIdle;
  }

  get isGone(): boolean {
    return this.#leg.isGone;
  }

  get isHolding(): boolean {
    return this.#leg.isHolding;
  }

  get heldBytes(): number {
    return this.#leg.heldBytes;
  }

  setStages(stages: { up: readonly StageSpec[]; down: readonly StageSpec[] }): void {
    this.#leg.setStages(stages);
  }

  /**
   * Opens a stream. `callerSettings` are what the callee is told of the caller when this is the first. Throws what Node says against the head, or if
   * the session takes no further stream.
   */
  request(
    block: HeaderBlock,
    { endStream, waitForTrailers, callerSettings }: SendOptions & { callerSettings: http2.Settings },
  ): http2.ClientHttp2Stream {
    const session = this.#session ?? this.#open(callerSettings);
    return block.send((headers) => session.request(headers, { endStream, waitForTrailers }));
  }

  /** Tells the callee that no further stream will come. */
  sayGoaway(code: number, debugData: Buffer): void {
    if (this.#session !== undefined && !this.#session.destroyed) this.#session.goaway(code, 0, debugData);
  }

  /** Ends in order once the streams that are open are closed. */
  end(): void {
    if (this.#session === undefined) this.#leg.destroy();
    else this.#session.close();
  }

  reset(): void {
    this.#leg.reset();
    this.#stream.destroy();
  }

  destroy(): void {
    this.#leg.destroy();
    this.#stream.destroy();
  }

  #open(callerSettings: http2.Settings): http2.ClientHttp2Session {
    const { upstream, limits } = this.#options;
    const session = http2.connect(authorityOf(upstream), {
      ...sessionOptions(limits, callerSettings),
      createConnection: () => this.#stream.duplex,
    });
    this.#session = session;
    session.on('connect', () => session.setLocalWindowSize(SESSION_WINDOW_BYTES));
    // Pushes are refused from the start; one may come before the callee has read that.
    session.on('stream', (pushed) => {
      pushed.on('error', () => {});
      pushed.close(NGHTTP2_REFUSED_STREAM);
    });
    session.on('remoteSettings', (settings) => this.#events.settled(settings));
    session.on('goaway', (code, lastStreamId, debugData) =>
      this.#events.goneAway({ code, lastStreamId, debugData: Buffer.from(debugData ?? []) }),
    );
    session.on('error', (error: NodeJS.ErrnoException) => {
      // ERR_HTTP2_SESSION_ERROR is the callee's own GOAWAY.
      if (error.code !== 'ERR_HTTP2_SESSION_ERROR') this.#events.malformed();
    });
    return session;
  }

  #send(bytes: Buffer): boolean {
    this.#events.sent(bytes.length);
    this.#leg.send(bytes, undefined);
    return !this.#isFull;
  }
}

/** What stands for the callee in requests that name no authority. */
function authorityOf(upstream: Address): string {
  return 'path' in upstream ? 'http://localhost' : `http://${formatAddress({ ...upstream, host: upstream.host || 'localhost' })}`;
}
