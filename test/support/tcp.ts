/** Real sockets for tests: servers on free ports that clean up after themselves, clients, and proxies that keep what they recorded. */
import { once } from 'node:events';
import net from 'node:net';
import { type Clock, hostClock } from '../../src/core/clock.js';
import { ActiveFault } from '../../src/dataplane/faults/active-fault.js';
import { faults } from '../../src/dataplane/faults/catalog.js';
import { type FaultSpecInput, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { isLinkFault } from '../../src/dataplane/faults/topology-fault.js';
import { DEFAULT_LIMITS, type Proxy, type ProxyLimits, proxySpecSchema } from '../../src/dataplane/proxy.js';
import { TcpProxy } from '../../src/dataplane/tcp-proxy.js';
import type { Connection, Observation } from '../../src/journal/observations.js';

export interface Served extends AsyncDisposable {
  readonly port: number;
  /** Every connection accepted so far, in order. */
  readonly accepted: readonly net.Socket[];
}

/** A server on a free port of loopback. Half-open connections stay open; errors of its sockets are left to the handler. */
export async function serve(handle: (socket: net.Socket) => void): Promise<Served> {
  const accepted: net.Socket[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => {});
    handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    accepted,
    [Symbol.asyncDispose]: async () => {
      for (const socket of accepted) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends everything back, and the half-close too. */
export function echo(): Promise<Served> {
  return serve((socket) => socket.pipe(socket));
}

/** A port on which nobody listens, and which the kernel gives to nobody who asks for any: another test would get the calls that are to be refused. */
export async function closedPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = net.createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

export function dial(port: number): net.Socket {
  const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  socket.on('error', () => {});
  return socket;
}

/** All bytes until the peer's half-close; rejects if the socket closes without one. */
export function readToEnd(socket: net.Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => chunks.push(bytes));
    socket.once('end', () => resolve(Buffer.concat(chunks)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an end')));
  });
}

/** The next `byteCount` bytes. */
export function readBytes(socket: net.Socket, byteCount: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let got = 0;
    const take = (bytes: Buffer): void => {
      chunks.push(bytes);
      got += bytes.length;
      if (got < byteCount) return;
      socket.off('data', take);
      socket.off('close', gone);
      resolve(Buffer.concat(chunks));
    };
    const gone = (): void => reject(new Error(`closed after ${got} of ${byteCount} bytes`));
    socket.on('data', take);
    socket.once('close', gone);
  });
}

/** The code with which a socket closed; `undefined` if it closed in order. */
export function closeCode(socket: net.Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let code: string | undefined;
    socket.once('error', (error: NodeJS.ErrnoException) => {
      code = error.code;
    });
    socket.once('close', () => resolve(code));
    socket.resume();
  });
}

/**
 * As `closeCode`, for a socket that is reset while bytes are on their way to it. Where the last of them and the reset are there at once, Node calls it an
 * end; whoever writes on finds out.
 */
export function resetCode(socket: net.Socket): Promise<string | undefined> {
  socket.once('end', () => socket.write('?'));
  return closeCode(socket);
}

/** A turn of the event loop counts as no longer than this: a machine that stood still for seconds has given nobody the time to do anything. */
const TURN_MS_MAX = 50;

/** Waits in turns of the event loop until it is true; fails with the sentence after `waitMsMax` in which the process was running. */
export async function until(what: string | (() => string), isTrue: () => boolean, waitMsMax = 5_000): Promise<void> {
  let remainingMs = waitMsMax;
  while (!isTrue()) {
    if (remainingMs <= 0) throw new Error(`not within ${waitMsMax} ms: ${typeof what === 'string' ? what : what()}`);
    const sinceMs = hostClock.nowMs();
    await new Promise((resolve) => setTimeout(resolve, 2));
    remainingMs -= Math.min(hostClock.nowMs() - sinceMs, TURN_MS_MAX);
  }
}

/** Waits until a link counts no connection; says of those that are left what they have done. */
export function untilEmpty({ proxy }: { proxy: Proxy }, waitMsMax?: number): Promise<void> {
  const left = (): string => JSON.stringify(proxy.connections({ after: 0, max: 10 }));
  return until(
    () => `the link has no connection; left are ${left()}`,
    () => proxy.stats().connections === 0,
    waitMsMax,
  );
}

/** Lets `delayMs` pass. For showing that nothing happens meanwhile. */
export function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Bytes of one stream that no other stream has at the same place. */
export function pattern(byteCount: number, stream = 0): Buffer {
  const bytes = Buffer.allocUnsafe(byteCount);
  for (let i = 0; i < byteCount; i++) bytes[i] = patternByte(stream, i);
  return bytes;
}

/** The byte at `at` of that stream's pattern. */
export function patternByte(stream: number, at: number): number {
  return (at * 7 + (at >>> 8) * 13 + (at >>> 16) * 31 + stream * 53) & 0xff;
}

/** A fault of the catalog that is on, from the words of its specification. */
export function activeFault(
  given: Partial<FaultSpecInput> & { type: string },
  { clock = hostClock, sinceMs = clock.nowMs() }: { clock?: Clock; sinceMs?: number } = {},
): ActiveFault {
  const spec = faultSpecSchema.parse({ id: given.type, proxies: ['test'], ...given });
  const definition = faults.get(spec.type);
  if (definition === undefined || !isLinkFault(definition)) throw new Error(`no wire fault is called ${spec.type}`);
  return new ActiveFault({ run: 'test', spec, definition, params: definition.schema.parse(spec.value ?? {}), sinceMs });
}

export interface ProxyUnderTest extends AsyncDisposable {
  readonly proxy: TcpProxy;
  readonly connections: readonly Connection[];
  /** Dials the proxy. */
  dial(): net.Socket;
}

/** A TCP proxy in front of a port of loopback. */
export async function tcpProxyTo(port: number, limits: Partial<ProxyLimits> = {}): Promise<ProxyUnderTest> {
  const connections: Connection[] = [];
  const record = (observation: Observation): void => {
    if (observation.kind === 'connection') connections.push(observation);
  };
  const spec = proxySpecSchema.parse({ name: 'a->b', upstream: `127.0.0.1:${port}`, from: 'a', to: 'b' });
  const proxy = new TcpProxy({ clock: hostClock, record }, spec, { ...DEFAULT_LIMITS, ...limits });
  await proxy.listen();
  const clients: net.Socket[] = [];
  return {
    proxy,
    connections,
    dial: () => {
      const client = dial(Number(proxy.address.split(':')[1]));
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
      await proxy.close();
    },
  };
}
