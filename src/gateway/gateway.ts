/**
 * One port for callers that cannot take a port for each dependency: a forward proxy (absolute-form requests, CONNECT) and a reverse proxy (by
 * Host and path). It leads to links and nowhere else, so it is never an open proxy; faults live in the links, and what a link does to a
 * connection is done to the caller's.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Clock } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import { Relay, type RelayHost, type RelayOutcome } from './relay.js';
import { type Asked, noRoute, type Route, routeOf } from './routes.js';

export interface GatewayPorts {
  clock: Clock;
  /** Where a link listens; undefined for one that is unknown, disabled, or does not listen on a port. */
  addressOf(link: string): RelayHost | undefined;
}

/** Requests to one link at a time; beyond it they wait. */
const SOCKETS_MAX = 4_096;
/** Longer than callers keep a connection idle, so that it is they who close. */
const KEEP_ALIVE_MS = 65_000;
const HEAD_BYTES_MAX = 64 * 1024;
const CONNECTIONS_MAX = 20_000;

type Found = { kind: 'link'; at: RelayHost } | { kind: 'refused'; status: 421 | 502; reason: string };

export class Gateway implements AsyncDisposable {
  readonly #ports: GatewayPorts;
  readonly #relay: Relay;
  readonly #server: Server;
  readonly #tunnels = new Set<Duplex>();
  /** Whose turn it is among the links of a route. */
  #turns = new WeakMap<Route, number>();
  #routes: readonly Route[] = [];

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    // A connection of its own for each request: one that a link has reset must not be replaced unseen.
    this.#relay = new Relay(ports.clock, { reuse: false, socketsMax: SOCKETS_MAX });
    this.#server = createServer({ maxHeaderSize: HEAD_BYTES_MAX, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.on('request', (request, response) => this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connect', (request, socket, head) => this.#connect(request, socket, head));
  }

  get routes(): readonly Route[] {
    return this.#routes;
  }

  /** Holds for requests from now on; tunnels that are open stay. */
  setRoutes(routes: readonly Route[]): void {
    this.#routes = routes;
  }

  /** `host:port`, with the real port. */
  get address(): string {
    const bound = this.#server.address() as net.AddressInfo | null;
    return bound === null ? '' : `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
  }

  /** Port 0 takes any free one. Rejects with LISTEN_FAILED. */
  async listen({ host, port }: RelayHost): Promise<void> {
    await new Promise<void>((done, failed) => {
      this.#server.once('error', (error) =>
        failed(new LabError('LISTEN_FAILED', { address: `${host}:${port}`, reason: reasonOf(error) }, { cause: error })),
      );
      this.#server.listen(port, host, done);
    });
    this.#server.removeAllListeners('error').on('error', () => {});
  }

  /** Cuts what is open. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    for (const socket of this.#tunnels) socket.destroy();
    this.#relay[Symbol.dispose]();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const found = this.#find(request);
    if (found.kind === 'refused') {
      refuse(response, found);
      return;
    }
    void this.#relay.forward(request, response, found.at).then((outcome) => tell(response, outcome));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const found = this.#find(request);
    this.#track(socket);
    if (found.kind === 'link') this.#relay.upgrade(request, socket, head, found.at);
    else refuseSocket(socket, found);
  }

  /** The head of a CONNECT is for us; what follows is between the caller and the link. */
  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#track(socket);
    const found = this.#resolve({ host: request.url ?? '', path: undefined, from: callerOf(request) });
    if (found.kind === 'refused') {
      refuseSocket(socket, found);
      return;
    }
    const link = net.connect({ ...found.at, noDelay: true, allowHalfOpen: true });
    this.#track(link);
    link.once('error', (error) => refuseSocket(socket, { kind: 'refused', status: 502, reason: reasonOf(error) }));
    link.once('connect', () => {
      link.removeAllListeners('error').on('error', () => {});
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) link.write(head);
      tunnel(socket, link);
    });
  }

  #find(request: IncomingMessage): Found {
    const asked = askedBy(request);
    return asked === undefined ? { kind: 'refused', status: 421, reason: 'the request names no host' } : this.#resolve(asked);
  }

  #resolve(asked: Asked): Found {
    const route = routeOf(this.#routes, asked);
    if (route === undefined) return { kind: 'refused', status: 421, reason: noRoute(this.#routes, asked) };
    const turn = this.#turns.get(route) ?? 0;
    this.#turns.set(route, turn + 1);
    const link = route.links[turn % route.links.length] ?? '';
    const at = this.#ports.addressOf(link);
    return at === undefined ? { kind: 'refused', status: 502, reason: `the link ${link} is not listening` } : { kind: 'link', at };
  }

  #track(socket: Duplex): void {
    this.#tunnels.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#tunnels.delete(socket));
  }
}

/** Host, path and caller; an absolute-form target is made origin-form for the link, as RFC 9112 §3.2.2 has it. */
function askedBy(request: IncomingMessage): Asked | undefined {
  const { url = '/', headers } = request;
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const from = callerOf(request);
  if (absolute === null) return headers.host === undefined ? undefined : { host: headers.host, path: url, from };
  const [, authority = '', rest = ''] = absolute;
  const host = authority.replace(/^[^@]*@/, '');
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  request.url = path;
  headers.host = host;
  return { host, path, from };
}

/** The user of `Proxy-Authorization: Basic`, which is a name here and no secret. It is for us: it does not go on. */
function callerOf({ headers }: IncomingMessage): string | undefined {
  const basic = /^basic ([A-Za-z0-9+/=]+)$/i.exec(headers['proxy-authorization'] ?? '')?.[1];
  delete headers['proxy-authorization'];
  delete headers['proxy-connection'];
  return basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').replace(/:.*$/s, '');
}

/** What the link did to our connection is done to the caller's. */
function tell(response: ServerResponse, outcome: RelayOutcome): void {
  if (outcome.kind !== 'failed' || response.headersSent) return;
  if (/ECONNREFUSED|EACCES|ENOTFOUND/.test(outcome.reason)) refuse(response, { status: 502, reason: outcome.reason });
  else response.socket?.resetAndDestroy();
}

function refuse(response: ServerResponse, { status, reason }: { status: number; reason: string }): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`faultlab gateway: ${reason}\n`);
}

function refuseSocket(socket: Duplex, { status, reason }: Extract<Found, { kind: 'refused' }>): void {
  const body = `faultlab gateway: ${reason}\n`;
  const words = { 421: 'Misdirected Request', 502: 'Bad Gateway' }[status];
  socket.end(
    `HTTP/1.1 ${status} ${words}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Both ways, ends included; a side that breaks takes the other with it, by a RST. */
function tunnel(caller: Duplex, link: net.Socket): void {
  const cut = (other: Duplex) => (error: NodeJS.ErrnoException | null | undefined) => {
    if (error === null || error === undefined) return;
    if (other instanceof net.Socket) other.resetAndDestroy();
    else other.destroy();
  };
  pipeline(caller, link, cut(link));
  pipeline(link, caller, cut(caller));
}
