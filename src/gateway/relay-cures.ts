/** What `relay.ts` does to single messages so that they cross http-proxy unchanged: path, framing, header case, early hints, trailers. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';

/** http-proxy joins slashes and resolves dots on the way; the path goes on as it came. */
export function keepPath(outgoing: ClientRequest, request: IncomingMessage): void {
  outgoing.path = request.url ?? '/';
}

/**
 * Header names keep the case they came in, and a body that came chunked goes on chunked. The second is a matter of safety: for DELETE and
 * OPTIONS http-proxy writes `Content-Length: 0` and then sends the body, which the next server takes for another request.
 */
export function keepRequestHead(outgoing: ClientRequest, request: IncomingMessage): void {
  for (const name of headerNames(request.rawHeaders)) {
    const value = outgoing.getHeader(name);
    if (value !== undefined) outgoing.setHeader(name, value);
    if (name.toLowerCase() !== 'transfer-encoding') continue;
    outgoing.removeHeader('content-length');
    outgoing.setHeader(name, 'chunked');
  }
}

/** Headers about the connection to the host say nothing about the connection to the caller. */
export function stripHopByHop(answer: IncomingMessage): void {
  for (const name of ['connection', 'keep-alive', 'proxy-connection']) delete answer.headers[name];
}

/** Trailers follow the body. Must be called before the answer is piped, so that they are there when the pipe ends the response. */
export function passTrailers(answer: IncomingMessage, response: ServerResponse): void {
  answer.once('end', () => {
    const trailers = pairs(answer.rawTrailers);
    if (trailers.length > 0 && !response.writableEnded) response.addTrailers(trailers);
  });
}

/** 103 Early Hints go on to the caller. They are advice: hints that node refuses to write are left out rather than fail the request. */
export function passEarlyHints(information: { statusCode: number; rawHeaders: readonly string[] }, response: ServerResponse): void {
  const link = pairs(information.rawHeaders)
    .filter(([name]) => name.toLowerCase() === 'link')
    .map(([, value]) => value);
  if (information.statusCode !== 103 || link.length === 0 || response.headersSent || response.destroyed) return;
  if (link.every(isPlainLink)) response.writeEarlyHints({ link });
}

/** One link and parameters, the form that node's own check accepts; it throws on any other, such as two links in one line. */
const PLAIN_LINK = /^<[^>]*>(?:\s*;\s*[^;"\s,]+(?:="?[^;"\s,]*"?)?)*$/;

function isPlainLink(value: string): boolean {
  return PLAIN_LINK.test(value);
}

function headerNames(raw: readonly string[]): readonly string[] {
  return raw.filter((_, index) => index % 2 === 0);
}

function pairs(raw: readonly string[]): [string, string][] {
  return headerNames(raw).map((name, index) => [name, raw[index * 2 + 1] ?? '']);
}
