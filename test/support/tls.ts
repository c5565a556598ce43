/** Links with TLS at their ends on real sockets for tests, a CA that all of them share, and servers and clients that speak TLS. */
import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { hostClock } from '../../src/core/clock.js';
import { HttpProxy } from '../../src/dataplane/http-proxy.js';
import { DEFAULT_LIMITS, type ProxyLimits, type ProxySpecInput, proxySpecSchema } from '../../src/dataplane/proxy.js';
import { TcpProxy } from '../../src/dataplane/tcp-proxy.js';
import { createAuthority, createKey, createLeaf, type Identity } from '../../src/dataplane/tls/certificates.js';
import { LabAuthority } from '../../src/dataplane/tls/lab-authority.js';
import type { Connection, Exchange, Observation } from '../../src/journal/observations.js';

/** One for all links of a test file. */
export const labAuthority = new LabAuthority(hostClock);

export interface TlsLink extends AsyncDisposable {
  readonly proxy: TcpProxy | HttpProxy;
  readonly port: number;
  readonly connections: readonly Connection[];
  readonly exchanges: readonly Exchange[];
}

/** A link in front of a port of loopback. */
export async function tlsLink(upstreamPort: number, spec: Partial<ProxySpecInput>, limits: Partial<ProxyLimits> = {}): Promise<TlsLink> {
  const connections: Connection[] = [];
  const exchanges: Exchange[] = [];
  const record = (observation: Observation): void => {
    if (observation.kind === 'connection') connections.push(observation);
    if (observation.kind === 'exchange') exchanges.push(observation);
  };
  const parsed = proxySpecSchema.parse({ name: 'a->b', upstream: `127.0.0.1:${upstreamPort}`, from: 'a', to: 'b', ...spec });
  const Kind = parsed.protocol === 'tcp' ? TcpProxy : HttpProxy;
  const proxy = new Kind({ clock: hostClock, record, authority: labAuthority }, parsed, { ...DEFAULT_LIMITS, ...limits });
  await proxy.listen();
  return {
    proxy,
    port: Number(proxy.address.split(':')[1]),
    connections,
    exchanges,
    [Symbol.asyncDispose]: () => proxy.close(),
  };
}

/** An authority of somebody else, and how to get certificates of it for a name. */
export async function foreignAuthority(): Promise<{ authority: Identity; issue(name: string): Promise<Identity> }> {
  const nowMs = hostClock.wallMs();
  const authority = await createAuthority({ name: 'somebody else', nowMs });
  return {
    authority,
    issue: async (name) => {
      const key = await createKey();
      return { key, certificate: await createLeaf(authority, { names: [name], validUntilMs: nowMs + 3_600e3, nowMs, key }) };
    },
  };
}

export interface TlsServed extends AsyncDisposable {
  readonly port: number;
  /** Connections that have come through the handshake, in order. */
  readonly sockets: readonly tls.TLSSocket[];
  /** Connections that have come at all. */
  readonly count: () => number;
}

/** A server that speaks TLS. */
export async function serveTls(options: tls.TlsOptions, handle: (socket: tls.TLSSocket) => void): Promise<TlsServed> {
  const sockets: tls.TLSSocket[] = [];
  const raw: net.Socket[] = [];
  const server = tls.createServer({ allowHalfOpen: true, ...options }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    handle(socket);
  });
  server.on('connection', (socket: net.Socket) => raw.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    sockets,
    count: () => raw.length,
    [Symbol.asyncDispose]: async () => {
      for (const socket of raw) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client that trusts the lab CA and asks for this name; connected, or rejected with what it disliked. */
export async function connectTls(port: number, options: Partial<tls.ConnectionOptions> = {}): Promise<tls.TLSSocket> {
  const ca = await labAuthority.certificate();
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    servername: 'payments.test',
    ca,
    allowHalfOpen: true,
    ...options,
  } as tls.ConnectionOptions);
  await once(socket, 'secureConnect');
  socket.on('error', () => {});
  return socket;
}

/** The code with which the handshake of such a client fails. */
export async function refusal(port: number, options: Partial<tls.ConnectionOptions> = {}): Promise<string> {
  try {
    (await connectTls(port, options)).destroy();
    return 'none';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
