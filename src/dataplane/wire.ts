/**
 * One TCP socket, read below the stream layer. It owns Node's `onread`, which for accepted sockets means taking over the accepted
 * handle: an internal, so it is used nowhere else and `readMode` tells whether it works here. What a reader gets wrong: bytes given to
 * `data` are borrowed, and a write that refers to them after the call has returned sends another connection's bytes.
 */
import { strict as assert } from 'node:assert';
import net from 'node:net';
import type { Clock } from '../core/clock.js';
import { type Address, formatAddress } from './address.js';
import { ReceiveBuffers } from './receive-buffers.js';

export interface WireHandlers {
  /** The dial was answered. Never called on an accepted wire. */
  open?(): void;
  /** `bytes` are borrowed: they are valid until the call returns. Hand them to `forward`, or copy what must be kept. */
  data(bytes: Buffer): void;
  /** The peer half-closed. */
  end(): void;
  /** Everything written has left; called after a `write` or `forward` that returned false. */
  drain(): void;
  /** The socket is gone; `error` says why if it was not orderly (`ECONNRESET` …). Called exactly once. */
  close(error?: NodeJS.ErrnoException): void;
}

/** `onread`: below the stream layer. `stream`: plain `data` events, slower, for a Node in which the take-over does not work. */
export type ReadMode = 'onread' | 'stream';

/** Options that a server must be created with for its sockets to be given to `acceptWire`. */
export const ACCEPT_OPTIONS = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true } as const satisfies net.ServerOpts;

/** Two reads in a row of so much make a socket a busy one; a smaller read makes it quiet again. */
const LARGE_READ_BYTES = 16 * 1024;
/** Copied bytes that wait for one socket's peer; beyond it the source is asked to pause. */
const QUEUED_BYTES_MAX = 64 * 1024;

const buffers = new ReceiveBuffers();

type OpenSocket = (onread: net.OnReadOpts) => net.Socket;

export class Wire {
  /** May be replaced at any time. */
  handlers: WireHandlers;
  readonly #socket: net.Socket;
  /** The large buffer that this socket reads into; the shared one if undefined. */
  #own: Buffer | undefined;
  #largeReadsInRow = 0;
  /** Large buffers that unfinished writes to this socket refer to. */
  readonly #inFlight: Buffer[] = [];
  /** Kept bytes that unfinished writes to this socket refer to. */
  readonly #keptInFlight: Buffer[] = [];
  #wantsDrain = false;
  #error: NodeJS.ErrnoException | undefined;

  constructor(handlers: WireHandlers, openSocket: OpenSocket) {
    this.handlers = handlers;
    this.#socket = openSocket({
      buffer: () => this.#nextBuffer(),
      callback: (byteCount, buffer) => this.#received(byteCount, buffer as Buffer),
    });
    this.#socket.on('end', () => this.handlers.end());
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
    this.#socket.on('close', () => {
      this.#giveBack();
      this.handlers.close(this.#error);
    });
  }

  /**
   * Sends borrowed bytes, without a copy if they stand in a buffer that the source can part with: then the write keeps the buffer and the
   * source reads on in another. False asks the caller to pause the source until `drain`.
   */
  forward(bytes: Buffer, source: Wire): boolean {
    if (source.#own === undefined || bytes.buffer !== source.#own.buffer) return this.write(Buffer.from(bytes));
    this.#socket.write(bytes, this.#written);
    if (this.#socket.writableLength === 0) return true;
    this.#inFlight.push(source.#own);
    source.#own = undefined;
    this.#wantsDrain = true;
    return false;
  }

  /** Makes borrowed bytes of this wire the caller's own: without a copy if they fill most of a buffer that it can part with. */
  keep(bytes: Buffer): Buffer {
    const own = this.#own;
    if (own === undefined || bytes.buffer !== own.buffer || bytes.length < own.length / 2) return Buffer.from(bytes);
    this.#own = undefined;
    buffers.part(own, bytes.length);
    return bytes;
  }

  /** Sends bytes that nobody will touch or send again. False asks the caller to stop until `drain`. */
  write(bytes: Buffer): boolean {
    assert(!buffers.holds(bytes), 'borrowed bytes must be forwarded or copied, not written');
    const isWhole = buffers.isWhole(bytes);
    this.#socket.write(bytes, this.#written);
    if (isWhole && this.#socket.writableLength === 0) buffers.reclaim(bytes);
    else if (isWhole) this.#keptInFlight.push(bytes);
    if (this.#socket.writableLength <= QUEUED_BYTES_MAX) return true;
    this.#wantsDrain = true;
    return false;
  }

  /** Without the port, an IPv4 address as such; undefined on a Unix-domain socket, and when it is gone. Asks the kernel the first time. */
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  }

  /** Bytes that were written and have not left yet. */
  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Half-closes after what was written. */
  end(): void {
    this.#socket.end();
  }

  /** Closes both ways after what was written. */
  close(): void {
    this.#socket.destroySoon();
  }

  /** Sends a RST and drops what was not sent yet. A Unix-domain socket knows no RST: it is closed. */
  reset(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (socket.connecting) socket.destroy();
    // While the kernel is being told to shut down, libuv refuses to reset and Node would lose the handle. That takes one turn of the loop.
    else if (socket.writableEnded && !socket.writableFinished && socket.writableLength === 0)
      socket.once('finish', () => resetSocket(socket));
    else resetSocket(socket);
  }

  /** Closes without a RST if possible. On a wire that is still dialling, gives up. */
  destroy(): void {
    this.#socket.destroy();
  }

  #received(byteCount: number, buffer: Buffer): boolean {
    this.#largeReadsInRow = byteCount >= LARGE_READ_BYTES ? this.#largeReadsInRow + 1 : 0;
    this.handlers.data(buffer.subarray(0, byteCount));
    return true;
  }

  /** Asked by Node after each read. A socket that falls silent after large reads keeps its buffer; the pool's bound is for that. */
  #nextBuffer(): Buffer {
    if (this.#largeReadsInRow >= 2) this.#own ??= buffers.take();
    else if (this.#own !== undefined) {
      buffers.give(this.#own);
      this.#own = undefined;
    }
    return this.#own ?? buffers.shared;
  }

  /** One function for all writes, so that Node can batch the calls. */
  readonly #written = (): void => {
    if (this.#socket.writableLength > 0 || this.#socket.destroyed) return;
    this.#sent();
    if (!this.#wantsDrain) return;
    this.#wantsDrain = false;
    this.handlers.drain();
  };

  #giveBack(): void {
    if (this.#own !== undefined) this.#inFlight.push(this.#own);
    this.#own = undefined;
    this.#sent();
  }

  /** No write refers to any buffer any more. */
  #sent(): void {
    for (const buffer of this.#inFlight.splice(0)) buffers.give(buffer);
    for (const bytes of this.#keptInFlight.splice(0)) buffers.reclaim(bytes);
  }
}

/** Cuts a socket that is not a wire, or not any more: with a RST if its kind knows that. */
export function resetSocket(socket: net.Socket): void {
  try {
    socket.resetAndDestroy();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_HANDLE_TYPE') throw error;
    socket.destroy();
  }
}

/** What `net.Socket` is made of inside Node, as far as it is needed here. */
interface Takeable {
  _handle: object | null;
}

/** A connection that has come in and that nobody has touched: exactly one of these is called, in the turn in which it was handed over. */
export interface Accepted {
  /** Makes a wire of it, which reads from the next turn of the event loop on. */
  wire(handlers: WireHandlers): Wire;
  /** As Node knows it, paused: for what needs streams, like TLS. */
  socket(): net.Socket;
  /** Resets it. */
  refuse(): void;
}

/** What a server with `ACCEPT_OPTIONS` has just accepted. */
export function accepted(socket: net.Socket, mode: ReadMode): Accepted {
  return {
    wire: (handlers) => new Wire(handlers, (onread) => (mode === 'onread' ? takeOver(socket, onread) : readStream(socket, onread))),
    socket: () => socket,
    refuse: () => resetSocket(socket),
  };
}

function takeOver(socket: net.Socket, onread: net.OnReadOpts): net.Socket {
  const accepted = socket as unknown as Takeable;
  const handle = accepted._handle;
  accepted._handle = null;
  // Without its handle it only leaves the server's count of connections.
  socket.destroy();
  return new net.Socket({ handle, onread, allowHalfOpen: true } as net.SocketConstructorOpts);
}

function readStream(socket: net.Socket, onread: net.OnReadOpts): net.Socket {
  socket.on('data', (bytes: Buffer) => onread.callback(bytes.length, bytes));
  socket.resume();
  return socket;
}

export type Dial = Address & {
  /** The wire closes with ETIMEDOUT if the dial was not answered by then. */
  timeoutMs: number;
  clock: Clock;
  handlers: WireHandlers;
};

/** Dials and returns at once. What is written before `open` waits in the wire; a dial that fails ends in `close(error)`; `destroy` gives up. */
export function dialWire({ timeoutMs, clock, handlers, ...address }: Dial): Wire {
  const wire = new Wire(handlers, (onread) => {
    const socket = connect(address, onread);
    const timer = clock.after(timeoutMs, () => {
      const error = new Error(`${formatAddress(address)} did not answer within ${timeoutMs} ms`);
      socket.destroy(Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' }));
    });
    socket.once('close', () => timer.cancel());
    socket.once('connect', () => {
      timer.cancel();
      wire.handlers.open?.();
    });
    return socket;
  });
  return wire;
}

function connect(address: Address, onread: net.OnReadOpts): net.Socket {
  const options = { onread, allowHalfOpen: true, noDelay: true };
  if ('path' in address) return net.connect({ path: address.path, ...options });
  const { host, port } = address;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return net.connect({ host, port, ...options });
  // A port that is none would throw here; it is the dial that has to fail.
  const error = new Error(`${host} is dialled on no port`);
  return new net.Socket().destroy(Object.assign(error, { code: 'EADDRNOTAVAIL', syscall: 'connect' }));
}
