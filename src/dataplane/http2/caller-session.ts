/**
 * The caller's half of an HTTP/2 connection: its socket and the session on it. It tells why the caller went, and writes what Node would not: GOAWAY frames
 * as they are meant, and bytes that are no frames.
 */
import http2 from 'node:http2';
import type net from 'node:net';
import type { ProxyLimits } from '../proxy.js';
import { resetSocket } from '../wire/socket-wire.js';
import type { Accepted } from '../wire.js';
import { type Goaway, goawayFrame } from './frames.js';
import { type HeaderBlock, receivedBlock } from './header-block.js';
import { carriedSettings, SESSION_WINDOW_BYTES, sessionOptions } from './session-options.js';

const { NGHTTP2_FLAG_END_STREAM } = http2.constants;

/** How a caller's connection can come to its end by itself. */
export type CallerEnd = 'clientReset' | 'clientClosed' | 'malformedRequest';

export interface CallerEvents {
  /** `endStream`: the head is all of the request. */
  opened(stream: http2.ServerHttp2Stream, head: { block: HeaderBlock; endStream: boolean }): void;
  /** The caller opens no further stream. */
  goneAway(code: number, debugData: Buffer): void;
  /** It has half-closed: without its frames, no stream of it can go on. */
  left(): void;
  /** The socket is gone; called once, before the session ends its streams. */
  gone(end: CallerEnd): void;
}

export class CallerSession {
  readonly #socket: net.Socket;
  readonly #session: http2.ServerHttp2Session;
  #error: NodeJS.ErrnoException | undefined;
  #isGone = false;
  #hasGoneAway = false;

  constructor(accepted: Accepted, limits: ProxyLimits, events: CallerEvents) {
    this.#socket = accepted.socket();
    // These stand before the session's own listeners.
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
    this.#socket.on('end', () => events.left());
    this.#socket.on('close', () => {
      this.#isGone = true;
      events.gone(endOf(this.#error));
    });
    this.#session = this.#createSession(limits, events);
    this.#socket.resume();
  }

  /** Undefined on a Unix-domain socket, and when it is gone. */
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  get isGone(): boolean {
    return this.#isGone;
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
    if (this.#hasGoneAway || this.#socket.writableEnded) return;
    this.#hasGoneAway = true;
    this.#socket.write(goawayFrame(goaway));
  }

  /** Sends bytes that need not be frames, and ends. */
  endWith(bytes: Buffer, ending: 'close' | 'reset'): void {
    this.#socket.end(bytes, () => {
      if (ending === 'reset') this.reset();
    });
  }

  /** Half-closes after what was sent. */
  end(): void {
    this.#socket.end();
  }

  reset(): void {
    resetSocket(this.#socket);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #createSession(limits: ProxyLimits, events: CallerEvents): http2.ServerHttp2Session {
    const session = http2.performServerHandshake(this.#socket, sessionOptions(limits, undefined));
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.on('stream', (stream: http2.ServerHttp2Stream, headers: object, flags: number, raw: readonly string[]) =>
      events.opened(stream, { block: receivedBlock(headers, raw), endStream: (flags & NGHTTP2_FLAG_END_STREAM) !== 0 }),
    );
    session.on('goaway', (code, _lastStreamId, debugData) => events.goneAway(code, Buffer.from(debugData ?? [])));
    // The socket tells it, too.
    session.on('error', () => {});
    return session;
  }
}

function endOf(error: NodeJS.ErrnoException | undefined): CallerEnd {
  // ERR_HTTP2_SESSION_ERROR is the caller's own GOAWAY.
  if (error === undefined || error.code === 'ERR_HTTP2_SESSION_ERROR') return 'clientClosed';
  return error.code?.startsWith('ERR_HTTP2') ? 'malformedRequest' : 'clientReset';
}
