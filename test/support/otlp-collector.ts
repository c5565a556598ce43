/** A collector of traces for one test: it takes what OTLP exporters post as JSON, and keeps the spans as they stood there. */
import { forThisTest } from './for-this-test.js';
import { nodeServer } from './http-peers.js';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  events: { name: string; attributes: { key: string; value: Record<string, unknown> }[] }[];
  links: { traceId: string; spanId: string }[];
  status: { code?: number; message?: string };
}
interface Posted {
  resourceSpans: { resource: { attributes: CollectedSpan['attributes'] }; scopeSpans: { spans: CollectedSpan[] }[] }[];
}

export interface Collector {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Path of each request that came. */
  readonly paths: readonly string[];
  /** All that have come, in order. */
  readonly spans: readonly CollectedSpan[];
  /** Name of the service that the newest of them are of. */
  readonly service: unknown;
}

/** `status`: what it answers; it keeps what it refuses, too. */
export async function otlpCollector({ status = 200 }: { status?: number } = {}): Promise<Collector> {
  const server = forThisTest(
    await nodeServer((_heard, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end('{}');
    }),
  );
  const posted = () => server.heard.map(({ body }) => JSON.parse(body) as Posted).flatMap(({ resourceSpans }) => resourceSpans);
  return {
    url: `http://127.0.0.1:${server.port}`,
    get paths() {
      return server.heard.map(({ url }) => url);
    },
    get spans() {
      return posted().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    },
    get service() {
      return posted()
        .at(-1)
        ?.resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
    },
  };
}
