/**
 * Dials an upstream inside of TLS. The wire is there at once, like any that dials; it opens when the handshake is over, and what was written before waits
 * in it. A handshake that comes to nothing closes it with an error that says so.
 */
import type net from 'node:net';
import tls from 'node:tls';
import type { Timer } from '../../core/clock.js';
import { type Address, formatAddress } from '../address.js';
import { connectSocket } from '../wire/dial-handle.js';
import type { Dial } from '../wire/dial-wire.js';
import { SocketWire } from '../wire/socket-wire.js';
import type { Wire, WireHandlers } from '../wire.js';
import { isAlert, upstreamHandshakeError } from './handshake-error.js';
import { connectionOptions, type Originate } from './originate.js';

/** Bytes that wait for the handshake; beyond it the source is asked to pause. */
const EARLY_BYTES_MAX = 64 * 1024;

export interface TlsDial extends Pick<Dial, 'timeoutMs' | 'clock' | 'handlers'> {
  /** What the caller has agreed on by ALPN. */
  protocol?: string | undefined;
}

/** `timeoutMs` is for the dial and the handshake together. */
export function dialTlsWire(address: Address, originate: Originate, dial: TlsDial): Wire {
  return new DialledTlsWire(address, originate, dial);
}

class DialledTlsWire implements Wire {
  handlers: WireHandlers;
  readonly #socket: net.Socket;
  readonly #limit: Timer;
  readonly #early: Buffer[] = [];
  #wire: SocketWire | undefined;
  #isPaused = false;
  #wantsDrain = false;
  /** How it was told to end before it was open. */
  #ending: 'end' | 'close' | undefined;
  #error: NodeJS.ErrnoException | undefined;
  #hasReceived = false;

  constructor(address: Address, originate: Originate, { timeoutMs, clock, handlers, protocol }: TlsDial) {
    this.handlers = handlers;
    this.#socket = connectSocket(address);
    this.#socket.on('error', this.#failed);
    this.#socket.once('connect', () => this.#shake(originate, protocol));
    this.#socket.once('close', () => {
      this.#limit.cancel();
      if (this.#wire === undefined) this.handlers.close(this.#error);
    });
    this.#limit = clock.after(timeoutMs, () => {
      const error = new Error(`${formatAddress(address)} did not answer within ${timeoutMs} ms`);
      this.#giveUp(Object.assign(error, { code: 'ETIMEDOUT', syscall: this.#socket.connecting ? 'connect' : 'handshake' }));
    });
  }

  forward(bytes: Buffer, source: Wire): boolean {
    return this.write(source.keep(bytes));
  }

  keep(bytes: Buffer): Buffer {
    return bytes;
  }

  write(bytes: Buffer): boolean {
    if (this.#wire !== undefined) return this.#wire.write(bytes);
    this.#early.push(bytes);
    this.#wantsDrain = this.queuedBytes > EARLY_BYTES_MAX;
    return !this.#wantsDrain;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  }

  get queuedBytes(): number {
    return this.#wire?.queuedBytes ?? this.#early.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  pause(): void {
    this.#isPaused = true;
    this.#wire?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wire?.resume();
  }

  end(): void {
    if (this.#wire !== undefined) this.#wire.end();
    else this.#ending ??= 'end';
  }

  close(): void {
    if (this.#wire !== undefined) this.#wire.close();
    else this.#ending = 'close';
  }

  reset(): void {
    if (this.#wire !== undefined) this.#wire.reset();
    else this.#socket.destroy();
  }

  destroy(): void {
    if (this.#wire !== undefined) this.#wire.destroy();
    else this.#socket.destroy();
  }

  #shake(originate: Originate, protocol: string | undefined): void {
    const secured = tls.connect(connectionOptions(originate, { socket: this.#socket, protocol }));
    // A TLS socket knows no RST of its own.
    Object.assign(secured, { resetAndDestroy: () => this.#socket.resetAndDestroy() });
    const failed = (error: NodeJS.ErrnoException): void => this.#giveUp(upstreamHandshakeError(error));
    secured.once('error', failed);
    secured.once('secureConnect', () => {
      secured.off('error', failed);
      this.#open(secured);
    });
  }

  #open(secured: tls.TLSSocket): void {
    this.#limit.cancel();
    const wire = new SocketWire(secured, {
      data: (bytes) => {
        this.#hasReceived = true;
        this.handlers.data(bytes);
      },
      end: () => this.handlers.end(),
      drain: () => this.handlers.drain(),
      close: (error) => this.handlers.close(this.#toldLate(error)),
    });
    this.#wire = wire;
    this.handlers.open?.();
    let isFull = false;
    for (const bytes of this.#early.splice(0)) isFull = !wire.write(bytes);
    if (this.#isPaused) wire.pause();
    if (this.#ending !== undefined) wire[this.#ending]();
    else if (this.#wantsDrain && !isFull) this.handlers.drain();
  }

  /** A callee that does not like our certificate says so when for us the handshake is over. */
  #toldLate(error: NodeJS.ErrnoException | undefined): NodeJS.ErrnoException | undefined {
    return error !== undefined && !this.#hasReceived && isAlert(error) ? upstreamHandshakeError(error) : error;
  }

  #giveUp(error: NodeJS.ErrnoException): void {
    this.#error ??= error.syscall === 'handshake' ? upstreamHandshakeError(error) : error;
    this.#socket.destroy();
  }

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    this.#error ??= error;
  };
}
