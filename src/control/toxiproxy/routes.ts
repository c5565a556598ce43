/** Toxiproxy's routes: which paths there are, which methods each takes, and what it answers. */
import type { Daemon } from '../../dataplane/daemon.js';
import { type Answer, empty, errorText, json } from './answer.js';
import { ApiError } from './api-error.js';
import { readCreated, readJson, readPopulated, readUpdated } from './bodies.js';
import { objectText } from './json-text.js';
import {
  handlerMetricsText,
  METRICS_TYPE,
  type MetricsOptions,
  proxyMetricsText,
  type RuntimeFigures,
  runtimeMetricsText,
} from './metrics.js';
import { type ProxyCollection, proxyText } from './proxy-collection.js';
import { TOXICS_RUN, type Toxics, toxicText } from './toxics.js';

/** What `/version` says. Clients switch features on by it, so it is the version that this API follows and not ours. */
const COMPATIBLE_VERSION = '2.12.0';

export interface Call {
  /** The parts of the path that stand in the place of `:proxy` and `:toxic`. */
  proxy: string;
  toxic: string;
  body(): Promise<Buffer>;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

/** Method → handler; `*` takes any method. */
export type Route = Readonly<Record<string, Handler>>;

export interface RoutesOptions extends MetricsOptions {
  daemon: Daemon;
  proxies: ProxyCollection;
  runtime(): RuntimeFigures;
}

/** Path pattern → methods. */
export function createRoutes({ daemon, proxies, proxyMetrics, runtimeMetrics, runtime }: RoutesOptions): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ['/version', { GET: () => version }],
    ...proxyRoutes(daemon, proxies),
    ...toxicRoutes(daemon, proxies.toxics),
    ...(proxyMetrics || runtimeMetrics ? [['/metrics', { '*': () => metrics() }] as const] : []),
  ]);

  function metrics(): Answer {
    const own = runtimeMetrics ? runtimeMetricsText(runtime()) : '';
    const ofProxies = proxyMetrics ? proxyMetricsText(daemon.proxies()) : '';
    return { status: 200, headers: { 'Content-Type': METRICS_TYPE }, body: own + handlerMetricsText() + ofProxies };
  }
}

const version: Answer = {
  status: 200,
  headers: { 'Content-Type': 'application/json;charset=utf-8' },
  body: `{"version": "${COMPATIBLE_VERSION}"}\n`,
};

function proxyRoutes(daemon: Daemon, proxies: ProxyCollection): [string, Route][] {
  const change = async ({ proxy, body }: Call): Promise<Answer> => {
    proxies.view(proxy);
    const value = readUpdated(readJson(await body()));
    daemon.refuseBesides(TOXICS_RUN);
    return json(200, proxyText(await proxies.update(proxy, value)));
  };
  return [
    [
      '/proxies',
      {
        GET: () => json(200, objectText(proxies.all().map((view) => [view.name, proxyText(view)]))),
        POST: async ({ body }) => json(201, proxyText(await proxies.create(readCreated(readJson(await body()))))),
      },
    ],
    ['/populate', { POST: async ({ body }) => populate(await body(), proxies) }],
    [
      '/reset',
      {
        POST: async () => {
          daemon.refuseBesides(TOXICS_RUN);
          await proxies.reset();
          return empty(204);
        },
      },
    ],
    [
      '/proxies/:proxy',
      {
        GET: ({ proxy }) => json(200, proxyText(proxies.view(proxy))),
        POST: change,
        PATCH: change,
        DELETE: async ({ proxy }) => {
          proxies.view(proxy);
          daemon.refuseBesides(TOXICS_RUN);
          await proxies.remove(proxy);
          return empty(204);
        },
      },
    ],
  ];
}

/** Its errors have a form of their own, with what was done before. */
async function populate(body: Buffer, proxies: ProxyCollection): Promise<Answer> {
  try {
    const { done, failure } = await proxies.populate(readPopulated(readJson(body), { withToxics: false }));
    const text = done.length === 0 ? 'null' : `[${done.map(proxyText).join(',')}]`;
    if (failure !== undefined) return json(failure.status, errorText(failure, ['proxies', text]));
    return json(201, objectText([['proxies', text]]));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return json(error.status, errorText(error, ['proxies', 'null']));
  }
}

function toxicRoutes(daemon: Daemon, toxics: Toxics): [string, Route][] {
  const change = async ({ proxy, toxic, body }: Call): Promise<Answer> => {
    daemon.proxy(proxy);
    toxics.get(proxy, toxic);
    return json(200, toxicText(toxics.update(proxy, { name: toxic, body: readJson(await body()) })));
  };
  return [
    [
      '/proxies/:proxy/toxics',
      {
        GET: ({ proxy }) => {
          daemon.proxy(proxy);
          return json(200, `[${toxics.list(proxy).map(toxicText).join(',')}]`);
        },
        POST: async ({ proxy, body }) => {
          daemon.proxy(proxy);
          return json(200, toxicText(toxics.add(proxy, readJson(await body()))));
        },
      },
    ],
    [
      '/proxies/:proxy/toxics/:toxic',
      {
        GET: ({ proxy, toxic }) => {
          daemon.proxy(proxy);
          return json(200, toxicText(toxics.get(proxy, toxic)));
        },
        POST: change,
        PATCH: change,
        DELETE: ({ proxy, toxic }) => {
          daemon.proxy(proxy);
          toxics.remove(proxy, toxic);
          return empty(204);
        },
      },
    ],
  ];
}
