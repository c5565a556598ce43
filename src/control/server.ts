/**
 * Serves the control API of a daemon on one address: the native routes under `/v1`, and Toxiproxy's beside them. Loopback unless told
 * otherwise, and then only with a token.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { LabError, reasonOf } from '../core/errors.js';
import { type ControlAppOptions, createControlApp } from './app.js';
import { GatewayKeeper } from './gateway-keeper.js';
import { demandToken, isLoopback } from './guard.js';
import { DaemonMetrics } from './metrics/daemon-metrics.js';
import { readJson, readPopulated } from './toxiproxy/bodies.js';
import { createHandler } from './toxiproxy/handler.js';
import type { RuntimeFigures } from './toxiproxy/metrics.js';
import { ProxyCollection } from './toxiproxy/proxy-collection.js';
import { createRoutes } from './toxiproxy/routes.js';

/** Toxiproxy's; its clients keep a connection that long. */
const KEEP_ALIVE_MS = 60_000;

export interface ControlServerOptions extends Omit<ControlAppOptions, 'gateway' | 'metrics'> {
  port: number;
  /** Chooses which connections the shares of toxics hit; 0 if omitted. */
  seed?: number | undefined;
  /** Serve `/metrics` with the traffic of the proxies. */
  proxyMetrics?: boolean | undefined;
  /** Serve `/metrics` with figures about this process, beside whatever else it is to tell of. */
  runtimeMetrics?: boolean | undefined;
  /** Serve `/metrics` with our own families as well: attempts, latencies, faults. */
  metrics?: boolean | undefined;
}

export class ControlServer implements AsyncDisposable {
  readonly #options: ControlServerOptions;
  readonly #proxies: ProxyCollection;
  /** One port for many links. */
  readonly gateway: GatewayKeeper;
  #server: Server | undefined;
  readonly #ended = new AbortController();

  constructor(options: ControlServerOptions) {
    if (!isLoopback(options.host) && options.token === undefined) {
      throw new LabError('USAGE', { problem: `--host ${options.host} is not loopback: give a token too, with --token-file FILE` });
    }
    this.#options = options;
    this.#proxies = new ProxyCollection(options.daemon, options.seed);
    this.gateway = new GatewayKeeper(options.daemon);
  }

  /**
   * Creates the proxies of a Toxiproxy config file, in order and up to the first that fails; each may have `toxics`, which Toxiproxy itself ignores.
   * Returns how many there are now. Throws an Error with Toxiproxy's words.
   */
  async populate(file: Buffer): Promise<number> {
    const { done, failure } = await this.#proxies.populate(readPopulated(readJson(file), { withToxics: true }));
    if (failure !== undefined) throw failure;
    return done.length;
  }

  /** `http://127.0.0.1:8474`. Rejects with LISTEN_FAILED. */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    const runtime = runtimeFigures(this.#options);
    const metrics = this.#options.metrics
      ? new DaemonMetrics(this.#options.daemon, this.#options.runtimeMetrics ? { runtime } : {})
      : undefined;
    void metrics?.follow(this.#ended.signal);
    const respond = createResponder({ ...this.#options, gateway: this.gateway, metrics, runtime }, this.#proxies);
    return new Promise((resolve, reject) => {
      const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, respond);
      this.#server = server;
      server.once('error', (error) => reject(new LabError('LISTEN_FAILED', { address: `${host}:${port}`, reason: reasonOf(error) })));
      server.listen({ host, port }, () => {
        const { address, port: bound, family } = server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.gateway[Symbol.asyncDispose]();
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Figures about this process, and since when it has served. */
function runtimeFigures({ daemon, version }: ControlServerOptions): () => RuntimeFigures {
  const startedSeconds = daemon.clock.wallMs() / 1_000;
  return () => {
    const { user, system } = process.cpuUsage();
    return { version, cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss(), startedSeconds };
  };
}

/** Native routes live under `/v1`, and at `/metrics` if it is to tell of ours; every other path is Toxiproxy's to answer. */
function createResponder(
  options: Omit<ControlServerOptions, 'metrics'> & ControlAppOptions & { runtime: () => RuntimeFigures },
  proxies: ProxyCollection,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { daemon, host, token, proxyMetrics, runtimeMetrics, runtime, onError = () => {} } = options;
  const native = getRequestListener(createControlApp(options).fetch);
  const toxiproxy = createHandler({
    routes: createRoutes({ daemon, proxies, proxyMetrics, runtimeMetrics, runtime }),
    clock: daemon.clock,
    host,
    authorize: (authorization) => demandToken(authorization, token),
    onError,
  });
  const isNative = options.metrics === undefined ? /^\/v1(?:\/|\?|$)/ : /^\/(?:v1(?:\/|\?|$)|metrics(?:\?|$))/;
  return (request, response) => {
    if (isNative.test(request.url ?? '')) void native(request, response);
    else toxiproxy(request, response);
  };
}
