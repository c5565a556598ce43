/**
 * Requests, for differential fuzzing. What the link accepts, Node's own server has to frame in the same way: the same requests, the same bodies.
 * Node may refuse more (then nothing is smuggled either) and we may; what neither may do is see a request where the other sees a body.
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import fc from 'fast-check';
import {
  chunked,
  closeField,
  codingField,
  colon,
  data,
  decodeChunks,
  eol,
  HEAD_BYTES_MAX,
  lengthField,
  mostly,
  name,
  otherField,
  pick,
  streamOf,
} from './pieces.mjs';

const CASE_MS_MAX = 5_000;

const hostField = fc.tuple(name('Host'), colon, pick('h', 'h:80', '', 'a,b', '\xff'), eol);
const requestLine = fc
  .tuple(
    mostly('POST', 'GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'post', 'P\x01ST', ''),
    mostly(' ', '  ', '\t', ''),
    mostly('/', '/a?b=c#d', '*', 'http://h/x', '/\xff', '/a b', '', '/%00', '/\x7f'),
    mostly(' ', '  ', '\t', ''),
    mostly('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'http/1.1', 'HTTP/1.10', 'HTTP/01.1', 'HTTP/0.9', ''),
    eol,
  )
  .map((parts) => parts.join(''));

const lead = mostly('', '\r\n', '\n', '\r', '\r\n\r\n', ' ');
const message = fc.oneof(
  fc.tuple(lead, requestLine, hostField, fc.array(otherField, { maxLength: 2 }), fc.constant('\r\n')),
  data.chain((body) =>
    fc.tuple(
      lead,
      requestLine,
      hostField,
      fc.array(otherField, { maxLength: 1 }),
      lengthField(body.length),
      fc.constant('\r\n'),
      fc.constant(body),
    ),
  ),
  fc.tuple(lead, requestLine, hostField, codingField, fc.array(otherField, { maxLength: 1 }), fc.constant('\r\n'), chunked),
  data.chain((body) =>
    fc.tuple(
      requestLine,
      hostField,
      fc
        .shuffledSubarray([0, 1, 2], { minLength: 2 })
        .chain((order) => fc.tuple(...order.map((i) => [lengthField(body.length), codingField, closeField][i]))),
      eol,
      fc.constant(body),
    ),
  ),
);
const requestStream = streamOf(message);

/**
 * What the link makes of a stream. `open`: it would take more. `refused`: it answers 400. `last`: it takes nothing more after the last request,
 * or does not know what follows.
 */
export function frameAsLink({ MessageReader, parseRequestHead }, text) {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new MessageReader({ kind: 'request', headBytesMax: HEAD_BYTES_MAX });
  const requests = [];
  let head;
  let bodyAt = 0;
  for (let at = 0; at < bytes.length; ) {
    at = reader.advance(bytes, at);
    if (reader.event === 'malformed') return { requests, end: 'refused' };
    if (reader.event === 'partial') return { requests, end: 'open' };
    let isOver = reader.event === 'end';
    if (reader.event === 'head') {
      head = parseRequestHead(reader.headText);
      if (typeof head === 'string') return { requests, end: 'refused' };
      if (head.method === 'CONNECT') return { requests, end: 'last' };
      bodyAt = at;
      isOver = reader.startBody(head.framing);
    }
    if (!isOver) continue;
    const raw = bytes.toString('latin1', bodyAt, at);
    requests.push({ method: head.method, target: head.target, body: head.framing === 'chunked' ? decodeChunks(raw) : raw });
    if (!head.keepsAlive || head.asksForTunnel) return { requests, end: 'last' };
  }
  return { requests, end: 'open' };
}

/** A server of Node's own, asked what it makes of one stream after another. */
export async function startOracle() {
  let seen;
  const server = http.createServer({ keepAliveTimeout: 0, connectionsCheckingInterval: 60_000 }, (request, response) => {
    const chunks = [];
    const { method, url: target } = request;
    const current = seen;
    request.on('data', (bytes) => chunks.push(bytes));
    request.on('end', () => {
      if (request.complete) current.requests.push({ method, target, body: Buffer.concat(chunks).toString('latin1') });
      response.end();
    });
    request.on('error', () => {});
  });
  server.on('clientError', (error, socket) => {
    seen.refusal = error.code ?? String(error);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    async frame(text) {
      seen = { requests: [], refusal: undefined };
      const mine = seen;
      const socket = net.connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {});
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString('latin1');
      });
      socket.end(Buffer.from(text, 'latin1'));
      const timer = setTimeout(() => socket.destroy(new Error('no end')), CASE_MS_MAX);
      await new Promise((resolve) => socket.once('close', resolve));
      clearTimeout(timer);
      // A request without a Host is answered by the server itself.
      if (/HTTP\/1\.1 400/.test(answer)) mine.refusal ??= 'answered 400';
      return mine;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A sentence if the two see different messages in the same bytes. */
export function difference(link, node) {
  const common = Math.min(link.requests.length, node.requests.length);
  for (let i = 0; i < common; i++) {
    const [ours, theirs] = [JSON.stringify(link.requests[i]), JSON.stringify(node.requests[i])];
    if (ours !== theirs) return `request ${i + 1} differs: the link reads ${ours}, Node ${theirs}`;
  }
  if (node.requests.length > common && link.end === 'open') return `Node reads another request: ${JSON.stringify(node.requests[common])}`;
  if (link.requests.length > common && node.refusal === undefined) return `Node does not read ${JSON.stringify(link.requests[common])}`;
  return undefined;
}

/** `reader` is the link's own, or one that a test has spoiled. */
export const requestFraming = (reader) => ({
  name: 'request framing against Node’s server',
  input: requestStream,
  startOracle,
  readAsLink: (text) => frameAsLink(reader, text),
  difference,
});
