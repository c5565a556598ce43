/** HTTP links on real sockets for tests: a proxy that keeps what it recorded, a scripted callee, and a caller that speaks raw bytes. */
import type net from 'node:net';
import { hostClock } from '../../src/core/clock.js';
import { HttpProxy } from '../../src/dataplane/http-proxy.js';
import type { ObserveSpecInput } from '../../src/dataplane/observe/observe-spec.js';
import { DEFAULT_LIMITS, type ProxyLimits, proxySpecSchema } from '../../src/dataplane/proxy.js';
import type { Connection, Exchange, Observation } from '../../src/journal/observations.js';
import { dial, type Served, serve } from './tcp.js';

export interface HttpProxyUnderTest extends AsyncDisposable {
  readonly proxy: HttpProxy;
  readonly port: number;
  readonly exchanges: readonly Exchange[];
  readonly connections: readonly Connection[];
  /** Dials the proxy. */
  dial(): net.Socket;
}

/** An HTTP proxy in front of a port of loopback. */
export async function httpProxyTo(
  port: number,
  limits: Partial<ProxyLimits> = {},
  observe?: ObserveSpecInput,
): Promise<HttpProxyUnderTest> {
  const exchanges: Exchange[] = [];
  const connections: Connection[] = [];
  const record = (observation: Observation): void => {
    if (observation.kind === 'exchange') exchanges.push(observation);
    if (observation.kind === 'connection') connections.push(observation);
  };
  const spec = proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: `127.0.0.1:${port}`, from: 'a', to: 'b', observe });
  const proxy = new HttpProxy({ clock: hostClock, record }, spec, { ...DEFAULT_LIMITS, ...limits });
  await proxy.listen();
  const proxyPort = Number(proxy.address.split(':')[1]);
  const clients: net.Socket[] = [];
  return {
    proxy,
    port: proxyPort,
    exchanges,
    connections,
    dial: () => {
      const client = dial(proxyPort);
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
      await proxy.close();
    },
  };
}

/** What has come out of a socket so far, as latin1, and a way to wait for more of it. */
export class Transcript {
  text = '';
  readonly socket: net.Socket;
  #ended = false;
  #closed = false;
  #wake: () => void = () => {};

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.text += bytes.toString('latin1');
      this.#wake();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Whether the peer has half-closed. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Waits until `isEnough` of the text, or fails with what has come instead. */
  async until(what: string, isEnough: (text: string) => boolean, waitMsMax = 5_000): Promise<string> {
    const endMs = hostClock.nowMs() + waitMsMax;
    while (!isEnough(this.text)) {
      const remainingMs = endMs - hostClock.nowMs();
      if (remainingMs <= 0 || this.#closed) {
        throw new Error(`${this.#closed ? 'closed before' : 'not in time'}: ${what}; so far: ${JSON.stringify(this.text.slice(-2_000))}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(remainingMs, 100));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.text;
  }

  length(byteCount: number): Promise<string> {
    return this.until(`${byteCount} bytes`, (text) => text.length >= byteCount);
  }

  includes(part: string): Promise<string> {
    return this.until(JSON.stringify(part), (text) => text.includes(part));
  }

  async end(): Promise<string> {
    const endMs = hostClock.nowMs() + 5_000;
    while (!this.#ended && !this.#closed) {
      if (hostClock.nowMs() > endMs) throw new Error(`no end; so far: ${JSON.stringify(this.text.slice(-2_000))}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.text;
  }
}

export interface RawUpstream extends Served {
  /** One per connection, in order of arrival. */
  readonly transcripts: readonly Transcript[];
  /** All bytes that any connection has brought. */
  readonly received: () => string;
}

/** A callee that does what `handle` does with each connection, and keeps what it got. */
export async function rawUpstream(handle: (transcript: Transcript) => void = () => {}): Promise<RawUpstream> {
  const transcripts: Transcript[] = [];
  const served = await serve((socket) => {
    const transcript = new Transcript(socket);
    transcripts.push(transcript);
    handle(transcript);
  });
  return {
    ...served,
    [Symbol.asyncDispose]: served[Symbol.asyncDispose],
    transcripts,
    received: () => transcripts.map((t) => t.text).join(''),
  };
}

/** A callee that answers every request without a body with 200 and its own count, keeping the connection. */
export function countingUpstream(): Promise<RawUpstream> {
  return rawUpstream((transcript) => {
    let answered = 0;
    transcript.socket.on('data', () => {
      const asked = transcript.text.split('\r\n\r\n').length - 1;
      while (answered < asked) {
        answered += 1;
        const body = `answer ${answered}`;
        transcript.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      }
    });
    transcript.socket.on('end', () => transcript.socket.end());
  });
}

/** A request without a body. */
export function get(path = '/', fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nHost: b\r\n${lines.join('')}\r\n`;
}
