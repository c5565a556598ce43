/**
 * What a session of Node's reads and writes in place of a socket. It sees the frames that go out, for there is no other way to learn that a session has
 * given up on its peer: Node sends the GOAWAY that says so, and then waits for ever.
 */
import { Duplex } from 'node:stream';
import { FrameWatch } from './frames.js';

export interface SessionTransport {
  /** False: no more until `drained`. */
  send(bytes: Buffer): boolean;
  /** The session has nothing more to say. */
  end(): void;
  /** The session takes bytes again, after a `receive` that returned false. */
  readOn(): void;
}

export interface SessionStreamOptions {
  /** The session begins with the client's preface. */
  isClient: boolean;
  /** The session has told its peer that it does not understand it, and will not listen any more. */
  gaveUp(code: number): void;
}

export class SessionStream {
  readonly duplex: Duplex;
  readonly #transport: SessionTransport;
  readonly #watch: FrameWatch;
  /** The session's last write, while the transport takes no more. */
  #written: (() => void) | undefined;

  constructor(transport: SessionTransport, { isClient, gaveUp }: SessionStreamOptions) {
    this.#transport = transport;
    this.#watch = new FrameWatch(isClient, (code) => {
      if (code !== 0) gaveUp(code);
    });
    this.duplex = new Duplex({
      allowHalfOpen: true,
      read: () => this.#transport.readOn(),
      write: (bytes: Buffer, _encoding, done) => this.#send(bytes, done),
      writev: (parts, done) => this.#send(Buffer.concat(parts.map(({ chunk }) => chunk as Buffer)), done),
      final: (done) => {
        this.#transport.end();
        done();
      },
    });
    // Whoever destroys it knows why.
    this.duplex.on('error', () => {});
  }

  /** From the peer; bytes that nobody else will touch. False: no more until `readOn`. */
  receive(bytes: Buffer): boolean {
    return this.duplex.push(bytes);
  }

  /** The transport takes bytes again. */
  drained(): void {
    const written = this.#written;
    this.#written = undefined;
    written?.();
  }

  /** For the session, its socket is gone. */
  destroy(): void {
    this.duplex.destroy();
  }

  #send(bytes: Buffer, done: () => void): void {
    this.#watch.see(bytes);
    if (this.#transport.send(bytes)) done();
    else this.#written = done;
  }
}
