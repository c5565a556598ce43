/**
 * The frame around Toxiproxy's routes: paths and methods first, then the request's id, then who is asking, then a cap on the time it takes. What
 * matches no route gets none of these, which clients can see.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { type Answer, empty, plain, refusal, send } from './answer.js';
import { ApiError, apiErrorOf, badBody } from './api-error.js';
import { claimsToBeBrowser, isReboundPage } from './browser.js';
import { cleanPath, patternOf, splitTarget } from './path.js';
import { createRequestIds } from './request-id.js';
import type { Call, Route } from './routes.js';

/** Beyond it a body is refused. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** Beyond it a request is answered without waiting for what it does. */
const HANDLER_MS_MAX = 25_000;

export interface HandlerOptions {
  routes: ReadonlyMap<string, Route>;
  clock: Clock;
  /** The address that the API listens on. */
  host: string;
  /** Throws what a caller without the right to be here gets. */
  authorize(authorization: string | undefined): void;
  onError(error: unknown): void;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

const TIMED_OUT: Answer = {
  status: 503,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>',
};

export function createHandler(options: HandlerOptions): RequestHandler {
  const { routes, clock } = options;
  const nextId = createRequestIds(clock);

  return (request, response) => {
    const found = findRoute(routes, request);
    if ('status' in found) {
      send(response, found);
      return;
    }
    response.setHeader('X-Toxiproxy-Request-Id', nextId());
    void withinTime(clock, () => answer(found, request, options)).then((it) => {
      if (!response.headersSent) send(response, it);
    });
  };
}

interface Found {
  handle: Route[string];
  proxy: string;
  toxic: string;
}

function findRoute(routes: ReadonlyMap<string, Route>, { url = '/', method = 'GET' }: IncomingMessage): Found | Answer {
  const target = splitTarget(url);
  if (target === undefined) return plain(400, '400 Bad Request');
  const cleaned = cleanPath(target.path);
  if (cleaned !== target.path) return empty(301, { Location: encodeURI(cleaned) + target.query });
  const { pattern, proxy, toxic } = patternOf(cleaned);
  const route = routes.get(pattern);
  if (route === undefined) return plain(404, '404 page not found');
  const handle = Object.hasOwn(route, method) ? route[method] : route['*'];
  return handle === undefined ? empty(405) : { handle, proxy, toxic };
}

async function answer({ handle, proxy, toxic }: Found, request: IncomingMessage, options: HandlerOptions): Promise<Answer> {
  try {
    if (claimsToBeBrowser(request.headers)) return plain(403, 'User agent not allowed');
    if (isReboundPage(request.headers, options.host))
      throw new ApiError(403, `Host "${request.headers.host}" is not this machine's loopback`);
    options.authorize(request.headers.authorization);
    const call: Call = { proxy, toxic, body: () => readBody(request) };
    return await handle(call);
  } catch (error) {
    const known = apiErrorOf(error);
    if (known === undefined) options.onError(error);
    return refusal(known ?? new ApiError(500, reasonOf(error)));
  }
}

function withinTime(clock: Clock, work: () => Promise<Answer>): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = clock.after(HANDLER_MS_MAX, () => resolve(TIMED_OUT));
    void work().then((it) => {
      timer.cancel();
      resolve(it);
    });
  });
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount > BODY_BYTES_MAX) throw badBody('http: request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
