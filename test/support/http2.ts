/** HTTP/2 links on real sockets for tests: a proxy that keeps what it recorded, a callee that does what it is told, and a caller. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { hostClock } from '../../src/core/clock.js';
import { HttpProxy } from '../../src/dataplane/http-proxy.js';
import type { ObserveSpecInput } from '../../src/dataplane/observe/observe-spec.js';
import { DEFAULT_LIMITS, type ProxyLimits, proxySpecSchema } from '../../src/dataplane/proxy.js';
import type { Connection, Exchange, Observation } from '../../src/journal/observations.js';

export interface Http2ProxyUnderTest extends AsyncDisposable {
  readonly proxy: HttpProxy;
  readonly port: number;
  readonly exchanges: readonly Exchange[];
  readonly connections: readonly Connection[];
  /** Dials the proxy. */
  dial(options?: http2.ClientSessionOptions): Caller;
}

/** An HTTP/2 proxy in front of a port of loopback. */
export async function http2ProxyTo(
  port: number,
  limits: Partial<ProxyLimits> = {},
  observe?: ObserveSpecInput,
): Promise<Http2ProxyUnderTest> {
  const exchanges: Exchange[] = [];
  const connections: Connection[] = [];
  const record = (observation: Observation): void => {
    if (observation.kind === 'exchange') exchanges.push(observation);
    if (observation.kind === 'connection') connections.push(observation);
  };
  const spec = proxySpecSchema.parse({ name: 'a->b', protocol: 'http2', upstream: `127.0.0.1:${port}`, from: 'a', to: 'b', observe });
  const proxy = new HttpProxy({ clock: hostClock, record }, spec, { ...DEFAULT_LIMITS, ...limits });
  await proxy.listen();
  const proxyPort = Number(proxy.address.split(':')[1]);
  const callers: Caller[] = [];
  return {
    proxy,
    port: proxyPort,
    exchanges,
    connections,
    dial: (options) => {
      const caller = new Caller(proxyPort, options);
      callers.push(caller);
      return caller;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { socket } of callers) socket.destroy();
      await proxy.close();
    },
  };
}

/** What a caller got for one request. */
export interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  rawHeaders: readonly string[];
  interim: readonly number[];
  body: string;
  trailers: Record<string, unknown> | undefined;
  /** The code that the stream was reset with; 0: it was not. */
  code: number;
}

/** A client session over a socket that a test can cut. */
export class Caller {
  readonly socket: net.Socket;
  readonly session: http2.ClientHttp2Session;
  readonly goaways: { code: number; lastStreamId: number; debugData: string }[] = [];
  isClosed = false;

  constructor(port: number, options: http2.ClientSessionOptions = {}) {
    this.socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('error', () => {});
    this.session = http2.connect('http://b', { ...options, createConnection: () => this.socket });
    this.session.on('error', () => {});
    this.session.on('close', () => {
      this.isClosed = true;
    });
    this.session.on('goaway', (code, lastStreamId, debugData) =>
      this.goaways.push({ code, lastStreamId, debugData: debugData?.toString() ?? '' }),
    );
  }

  open(headers: http2.OutgoingHttpHeaders, options?: http2.ClientSessionRequestOptions): http2.ClientHttp2Stream {
    const stream = this.session.request(headers, options);
    stream.on('error', () => {});
    return stream;
  }

  /** One request with all of its body at once. */
  ask(headers: http2.OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer> {
    const stream = this.open(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    return answerOf(stream);
  }
}

/** All that comes by a stream until it closes. */
export function answerOf(stream: http2.ClientHttp2Stream): Promise<Answer> {
  const answer: Answer = { status: undefined, headers: {}, rawHeaders: [], interim: [], body: '', trailers: undefined, code: 0 };
  const interim: number[] = [];
  const chunks: Buffer[] = [];
  stream.on('headers', (headers) => interim.push(Number(headers[':status'])));
  stream.on('response', (headers: http2.IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
    answer.headers = { ...headers };
    answer.status = Number(headers[':status']);
    answer.rawHeaders = raw;
  });
  stream.on('trailers', (trailers) => {
    answer.trailers = { ...trailers };
  });
  stream.on('data', (bytes: Buffer) => chunks.push(bytes));
  return new Promise((resolve) => {
    stream.on('close', () => resolve({ ...answer, interim, body: Buffer.concat(chunks).toString(), code: stream.rstCode ?? 0 }));
  });
}

export interface Http2Callee extends AsyncDisposable {
  readonly port: number;
  readonly sessions: readonly http2.ServerHttp2Session[];
  readonly sockets: readonly net.Socket[];
  /** Every request that came, in order. */
  readonly requests: readonly CalleeRequest[];
}

export interface CalleeRequest {
  stream: http2.ServerHttp2Stream;
  headers: http2.IncomingHttpHeaders;
  rawHeaders: readonly string[];
  endStream: boolean;
  /** What has come of the body so far, if the handler has asked for it. */
  body: string;
  trailers: Record<string, unknown> | undefined;
  /** Undefined: it is open. */
  code: number | undefined;
}

/** An HTTP/2 server that does what `handle` does with each request. Bodies are read unless `reads` is false. */
export async function http2Callee(
  handle: (request: CalleeRequest) => void = ({ stream }) => {
    stream.respond({ ':status': 200 });
    stream.end('hello');
  },
  { reads = true, settings = {} }: { reads?: boolean; settings?: http2.Settings } = {},
): Promise<Http2Callee> {
  const sessions: http2.ServerHttp2Session[] = [];
  const sockets: net.Socket[] = [];
  const requests: CalleeRequest[] = [];
  const server = http2.createServer({ settings });
  server.on('connection', (socket: net.Socket) => sockets.push(socket));
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  server.on(
    'stream',
    (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders, flags: number, rawHeaders: readonly string[]) => {
      const request: CalleeRequest = {
        stream,
        headers,
        rawHeaders,
        endStream: (flags & 1) !== 0,
        body: '',
        trailers: undefined,
        code: undefined,
      };
      requests.push(request);
      stream.on('error', () => {});
      stream.on('close', () => {
        request.code = stream.rstCode;
      });
      stream.on('trailers', (trailers) => {
        request.trailers = { ...trailers };
      });
      if (reads) {
        stream.on('data', (bytes: Buffer) => {
          request.body += bytes.toString();
        });
      }
      handle(request);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    sessions,
    sockets,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
