/** The caller's half of an HTTP/2 connection: a session on the leg of HTTP/1.1 links, which knows how to end a connection so that its last bytes arrive. */
import http2 from 'node:http2';
import type { Clock } from '../../core/clock.js';
import { CallerLeg } from '../http/caller-leg.js';
import type { ProxyLimits } from '../proxy.js';
import type { Accepted } from '../wire.js';
import { type Goaway, goawayFrame, refusedFrame } from './frames.js';
import { type HeaderBlock, receivedBlock } from './header-block.js';
import { carriedSettings, SESSION_WINDOW_BYTES, sessionOptions } from './session-options.js';
import { SessionStream } from './session-stream.js';

const { NGHTTP2_FLAG_END_STREAM } = http2.constants;

export interface CallerEvents {
  /** `endStream`: the head is all of the request. */
  opened(stream: http2.ServerHttp2Stream, head: { block: HeaderBlock; endStream: boolean }): void;
  /** The caller opens no further stream. */
  goneAway(code: number, debugData: Buffer): void;
  /** It has half-closed: without its frames, no stream of it can go on. */
  left(): void;
  /** It cannot be understood. */
  malformed(): void;
  /** The socket is gone; called once, before the session ends its streams. `error` says why if it was not in order. */
  gone(error: NodeJS.ErrnoException | undefined): void;
  /** So many bytes were sent to it. */
  sent(byteCount: number): void;
}

export class CallerSession {
  readonly #leg: CallerLeg;
  readonly #stream: SessionStream;
  readonly #session: http2.ServerHttp2Session;
  readonly #events: CallerEvents;
  #hasGoneAway = false;

  constructor(accepted: Accepted, { clock, limits }: { clock: Clock; limits: ProxyLimits }, events: CallerEvents) {
    this.#events = events;
    this.#leg = new CallerLeg(
      { clock, accepted },
      {
        data: (bytes, source) => {
          if (!this.#stream.receive(source.keep(bytes))) this.#leg.read(false);
        },
        end: () => events.left(),
        drained: () => this.#stream.drained(),
        gone: (error) => {
          events.gone(error);
          this.#stream.destroy();
        },
      },
    );
    this.#stream = new SessionStream(
      { send: (bytes) => this.#send(bytes), end: () => this.#leg.close(), readOn: () => this.#leg.read(true) },
      { isClient: false, gaveUp: () => events.malformed() },
    );
    this.#session = this.#createSession(limits);
  }

  /** Undefined on a Unix-domain socket, and when it is gone. */
  get remoteAddress(): string | undefined {
    return this.#leg.remoteAddress;
  }

  get isGone(): boolean {
    return this.#leg.isGone;
  }

  /** Whether the caller was told to open no further stream. */
  get hasGoneAway(): boolean {
    return this.#hasGoneAway;
  }

  /** How the caller wants to be spoken to. */
  get settings(): http2.Settings {
    return this.#session.remoteSettings;
  }

  /** Tells the caller how the callee wants to be spoken to. */
  settle(settings: http2.Settings): void {
    if (!this.#session.destroyed) this.#session.settings(carriedSettings(settings));
  }

  /** The first is the one that counts: a caller must not be told later that more was heard. */
  sayGoaway(goaway: Goaway): void {
    if (this.#hasGoneAway) return;
    this.#hasGoneAway = true;
    this.#send(goawayFrame(goaway));
  }

  /** Sends bytes that are no frames, so that the caller finds that out, and ends. */
  endWith(bytes: Buffer, ending: 'close' | 'reset'): void {
    if (bytes.length > 0) this.#send(refusedFrame(bytes));
    if (ending === 'close') this.#leg.close();
    else this.#leg.abort();
  }

  /** Ends once the caller has its last bytes. */
  close(): void {
    this.#leg.close();
  }

  reset(): void {
    this.#leg.reset();
  }

  #send(bytes: Buffer): boolean {
    this.#events.sent(bytes.length);
    return this.#leg.send(bytes, undefined);
  }

  #createSession(limits: ProxyLimits): http2.ServerHttp2Session {
    const session = http2.performServerHandshake(this.#stream.duplex, sessionOptions(limits, undefined));
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.on('stream', (stream: http2.ServerHttp2Stream, headers: object, flags: number, raw: readonly string[]) =>
      this.#events.opened(stream, { block: receivedBlock(headers, raw), endStream: (flags & NGHTTP2_FLAG_END_STREAM) !== 0 }),
    );
    session.on('goaway', (code, _lastStreamId, debugData) => this.#events.goneAway(code, Buffer.from(debugData ?? [])));
    session.on('error', (error: NodeJS.ErrnoException) => {
      // ERR_HTTP2_SESSION_ERROR is the caller's own GOAWAY.
      if (error.code !== 'ERR_HTTP2_SESSION_ERROR') this.#events.malformed();
    });
    return session;
  }
}
