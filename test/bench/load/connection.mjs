/**
 * One keep-alive connection of an HTTP/1.1 client, written for measuring: no pool, no stream, one request at a time. It reads what the benchmark's
 * own upstreams answer (`Content-Length`) and takes anything else for a failure.
 */
import { once } from 'node:events';
import net from 'node:net';
import { hostAndPort } from '../address.mjs';

const HEAD_END = '\r\n\r\n';

export class Connection {
  #socket;
  #request;
  #received = '';
  #waiting;
  #failure;

  /** Rejects if nobody accepts. */
  static async open(address, path = '/hello') {
    const connection = new Connection(net.connect({ ...hostAndPort(address), noDelay: true }), { address, path });
    await connection.#opened();
    return connection;
  }

  constructor(socket, { address, path }) {
    this.#socket = socket;
    this.#request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${address}\r\n\r\n`, 'latin1');
    socket.setEncoding('latin1').on('data', (text) => this.#read(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  /** One request; resolves when the whole answer is there, rejects unless it is a 200. */
  get() {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(this.#request);
    });
  }

  /** Closes in good order. */
  close() {
    this.#socket.end();
    this.#socket.unref();
  }

  async #opened() {
    await once(this.#socket, 'connect');
  }

  #read(text) {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const length = /^content-length: *(\d+)\r$/im.exec(this.#received.slice(0, headEnd + 2));
    if (!this.#received.startsWith('HTTP/1.1 200 ') || length === null) {
      this.#fail(new Error(`expected a 200 with a length, got: ${this.#received.slice(0, headEnd).split('\r\n', 1)[0]}`));
      return;
    }
    const end = headEnd + HEAD_END.length + Number(length[1]);
    if (this.#received.length < end) return;
    this.#received = this.#received.slice(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve();
  }

  #fail(error) {
    this.#failure ??= error;
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(this.#failure);
  }
}
