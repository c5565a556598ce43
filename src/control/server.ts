/**
 * Serves the control API of a daemon on one address: the native routes under `/v1`, and Toxiproxy's beside them. Loopback unless told
 * otherwise, and then only with a token.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { LabError, reasonOf } from '../core/errors.js';
import { AnnotationDesk } from './annotation-desk.js';
import { type ControlAppOptions, createControlApp } from './app.js';
import type { DaemonLog } from './daemon-log.js';
import { GatewayKeeper } from './gateway-keeper.js';
import { demandToken, isLoopback } from './guard.js';
import { LiveDesk } from './live/live-desk.js';
import { RunFeed } from './live/run-feed.js';
import { DaemonMetrics } from './metrics/daemon-metrics.js';
import { ObservationFollower } from './observation-follower.js';
import { PeopleDesk } from './people-desk.js';
import { readJson, readPopulated } from './toxiproxy/bodies.js';
import { createHandler } from './toxiproxy/handler.js';
import type { RuntimeFigures } from './toxiproxy/metrics.js';
import { ProxyCollection } from './toxiproxy/proxy-collection.js';
import { createRoutes } from './toxiproxy/routes.js';

/** Toxiproxy's; its clients keep a connection that long. */
const KEEP_ALIVE_MS = 60_000;

export interface ControlServerOptions extends Omit<ControlAppOptions, 'gateway' | 'metrics' | 'people' | 'feed' | 'page' | 'annotations'> {
  port: number;
  /** Chooses which connections the shares of toxics hit; 0 if omitted. */
  seed?: number | undefined;
  /** Serve `/metrics` with the traffic of the proxies. */
  proxyMetrics?: boolean | undefined;
  /** Serve `/metrics` with figures about this process, beside whatever else it is to tell of. */
  runtimeMetrics?: boolean | undefined;
  /** Serve `/metrics` with our own families as well: attempts, latencies, faults. */
  metrics?: boolean | undefined;
  /** Where what the daemon does is written down. */
  log?: DaemonLog | undefined;
  /** Serve the page at `/ui/`, with its files from this folder, and what it shows under `/v1/live`. */
  pageFolder?: string | undefined;
}

export class ControlServer implements AsyncDisposable {
  readonly #options: ControlServerOptions;
  readonly #proxies: ProxyCollection;
  /** One port for many links. */
  readonly gateway: GatewayKeeper;
  #server: Server | undefined;
  #live: LiveDesk | undefined;
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
    const followers = this.#follow(runtime);
    const respond = createResponder({ ...this.#options, ...followers, gateway: this.gateway, runtime }, this.#proxies);
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

  /** What follows the daemon: only where it was asked for, and else nobody reads what the daemon sees. */
  #follow(runtime: () => RuntimeFigures) {
    const { daemon, version, pageFolder, runtimeMetrics } = this.#options;
    const people = new PeopleDesk(daemon);
    const follower = new ObservationFollower(daemon);
    const wantsMetrics = this.#options.metrics === true;
    const feed = wantsMetrics || pageFolder !== undefined ? new RunFeed() : undefined;
    const metrics =
      feed !== undefined && wantsMetrics ? new DaemonMetrics(daemon, { follower, feed, ...(runtimeMetrics && { runtime }) }) : undefined;
    const annotations = feed && new AnnotationDesk(daemon.clock, { feed, follower });
    if (feed !== undefined && pageFolder !== undefined)
      this.#live = new LiveDesk({ daemon, people, follower, feed, version, boot: randomUUID() });
    this.#options.log?.attach(daemon, follower);
    void follower.follow(this.#ended.signal);
    return {
      people,
      metrics,
      feed,
      annotations,
      page: this.#live && pageFolder !== undefined ? { desk: this.#live, folder: pageFolder } : undefined,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    this.#live?.[Symbol.dispose]();
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

/** Native routes live under `/v1`, at `/metrics` if it is to tell of ours, and under `/ui` where there is a page; every other path is Toxiproxy's to answer. */
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
  const { log } = options;
  const own = ['v1', ...(options.metrics === undefined ? [] : ['metrics']), ...(options.page === undefined ? [] : ['ui'])];
  const isNative = new RegExp(`^/(?:${own.join('|')})(?:/|\\?|$)`);
  return (request, response) => {
    log?.heed(request, response);
    if (isNative.test(request.url ?? '')) void native(request, response);
    else toxiproxy(request, response);
  };
}
