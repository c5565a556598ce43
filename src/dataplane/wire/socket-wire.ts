/**
 * A wire on a stream of Node's: for TLS, and for a Node on which native wires do not work. Slower, and each read has memory of its own.
 */
import type net from 'node:net';
import type { Wire, WireHandlers } from '../wire.js';

/** Bytes that wait for one socket's peer; beyond it the source is asked to pause. */
const QUEUED_BYTES_MAX = 64 * 1024;

export class SocketWire implements Wire {
  /** May be replaced at any time. */
  handlers: WireHandlers;
  readonly #socket: net.Socket;
  #wantsDrain = false;
  #error: NodeJS.ErrnoException | undefined;
  #isGone = false;

  /** The socket is dialling, or paused; it has to allow half-open connections. It is read from the next turn of the event loop on. */
  constructor(socket: net.Socket, handlers: WireHandlers) {
    this.handlers = handlers;
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.handlers.data(bytes));
    // Behind an alert of TLS, Node tells of an end all the same, and leaves the socket open: it was none in order.
    socket.on('end', () => {
      if (this.#error === undefined) this.handlers.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#error ??= error;
      // A reset that the kernel refused is the last thing that Node says of a socket: its `close` never comes.
      if (error.syscall === 'reset') this.#gone();
      else socket.destroy();
    });
    socket.on('close', () => this.#gone());
    socket.resume();
  }

  forward(bytes: Buffer, source: Wire): boolean {
    return this.write(source.keep(bytes));
  }

  keep(bytes: Buffer): Buffer {
    return bytes;
  }

  write(bytes: Buffer): boolean {
    this.#socket.write(bytes, this.#written);
    if (this.#socket.writableLength <= QUEUED_BYTES_MAX) return true;
    this.#wantsDrain = true;
    return false;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroySoon();
  }

  reset(): void {
    if (this.#socket.connecting) this.#socket.destroy();
    else resetSocket(this.#socket);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.handlers.close(this.#error);
  }

  /** One function for all writes, so that Node can batch the calls. */
  readonly #written = (): void => {
    if (!this.#wantsDrain || this.#socket.writableLength > 0 || this.#socket.destroyed) return;
    this.#wantsDrain = false;
    this.handlers.drain();
  };
}

/** Cuts a socket that is not a wire: with a RST if its kind knows that. */
export function resetSocket(socket: net.Socket): void {
  if (socket.destroyed) return;
  // While the kernel is being told to shut down, libuv refuses to reset and Node would lose the handle. That takes one turn of the loop.
  if (socket.writableEnded && !socket.writableFinished && socket.writableLength === 0) socket.once('finish', () => resetNow(socket));
  else resetNow(socket);
}

function resetNow(socket: net.Socket): void {
  try {
    socket.resetAndDestroy();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_HANDLE_TYPE') throw error;
    socket.destroy();
  }
}
