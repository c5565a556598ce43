/**
 * Differential fuzzing of request framing. What the link accepts, Node's own server has to frame in the same way: the same requests, the same
 * bodies. Node may refuse more (then nothing is smuggled either) and we may; what neither may do is see a request where the other sees a body.
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import fc from 'fast-check';

const HEAD_BYTES_MAX = 8 * 1024;
const CASE_MS_MAX = 5_000;

// ------------------------------------------------------------------------------------------------------------- inputs

const pick = (...values) => fc.constantFrom(...values);
/** Mostly the first value, so that whole messages come about; sometimes one of the odd ones. */
const mostly = (usual, ...odd) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });

const eol = mostly('\r\n', '\n', '\r', '\n\r', '\r\r\n', '\r\n\r\n', '\r\n ');
const colon = mostly(': ', ':', ' : ', ':\t', '\t:', ': \x0b', ':\x00');
const name = (text) =>
  mostly(text, text.toLowerCase(), text.toUpperCase(), ` ${text}`, `${text}\x00`, `${text}-`, `X-${text}`, text.replace('-', '_'));

const lengthField = (bytes) =>
  fc.tuple(
    name('Content-Length'),
    colon,
    mostly(
      `${bytes}`,
      `${bytes + 1}`,
      '0',
      `+${bytes}`,
      `0${bytes}`,
      `${bytes}, ${bytes}`,
      `0x${bytes}`,
      '',
      `${bytes} `,
      `-1`,
      '18446744073709551616',
      `${bytes}\t`,
    ),
    eol,
  );
const codingField = fc.tuple(
  name('Transfer-Encoding'),
  colon,
  mostly(
    'chunked',
    'Chunked',
    'identity',
    'xchunked',
    'chunked, identity',
    'gzip, chunked',
    'chunked,',
    ',chunked',
    '"chunked"',
    'chunked;a=b',
    '',
    '\tchunked',
    'chunked\t',
    'chunked, chunked',
  ),
  eol,
);
const hostField = fc.tuple(name('Host'), colon, pick('h', 'h:80', '', 'a,b', '\xff'), eol);
const otherField = fc.tuple(
  pick('X-A', 'Accept', 'Connection', 'Upgrade', 'Trailer', 'TE', '', 'Proxy-Connection', 'Keep-Alive'),
  colon,
  pick('b', 'keep-alive', 'Transfer-Encoding', 'foo, bar', 'websocket', 'trailers', ' ', '\x01', '\xe9', 'a\tb', '"quo\\"ted"'),
  eol,
);
const closeField = fc.constant('Connection: close\r\n');

const extension = mostly('', ';a', ';a=b', ';a="b;c"', '; a = b', ';', ';a\x01', ';a\n', ' ', '\t', ';a=\r\n', ';'.repeat(300));
const sized = (data) =>
  fc.tuple(
    mostly(
      data.length.toString(16),
      data.length.toString(16).toUpperCase(),
      `0${data.length.toString(16)}`,
      `0x${data.length.toString(16)}`,
      `+${data.length.toString(16)}`,
      ` ${data.length}`,
      `${data.length}`,
      'g',
      '',
      '-1',
      'ffffffffffffffff',
      '1_0',
    ),
    extension,
    eol,
    fc.constant(data),
    eol,
  );
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n';
const data = pick('hello', 'a', '\r\n', '0\r\n\r\n', smuggled, 'x'.repeat(20), '\x00\xff');
const trailer = mostly(
  '',
  'X-Sum: 1\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'X-Sum : 1\r\n',
  'X: 1\n',
  ' folded\r\n',
  'Host: x\r\n',
  ':\r\n',
);
const chunked = fc.tuple(
  fc.array(data.chain(sized), { maxLength: 3 }),
  mostly('0', '00', '0x0', '', '-0', '0000000000000000'),
  extension,
  eol,
  trailer,
  eol,
);

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

const join = (value) => (Array.isArray(value) ? value.map(join).join('') : value);
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
/** Whole messages, sometimes with a few bytes changed. */
export const requestStream = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 3 }).map(join),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(), pick('\r', '\n', ' ', '\0', ':', '0', 'a', '')), { maxLength: 3 }) },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((out, [at, by]) => out.slice(0, at % (out.length + 1)) + by + out.slice((at % (out.length + 1)) + 1), text),
  );

// ------------------------------------------------------------------------------------------------------------ framing

/** The body of a chunked message that the reader has accepted. */
function decodeChunks(text) {
  let body = '';
  for (let at = 0; ; ) {
    const size = Number.parseInt(text.slice(at), 16);
    if (size === 0) return body;
    const from = text.indexOf('\r\n', at) + 2;
    body += text.slice(from, from + size);
    at = from + size + 2;
  }
}

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

/**
 * Compares for so many seconds. Returns fast-check's details and what happened how often; the first three counts say whether the inputs were worth
 * anything.
 */
export async function fuzzFraming(parser, { seconds, seed, runsMax = Number.MAX_SAFE_INTEGER }) {
  const counts = { runs: 0, accepted: 0, refusedByLink: 0, refusedByNodeOnly: 0, refusedByLinkOnly: 0 };
  const oracle = await startOracle();
  try {
    const property = fc.asyncProperty(requestStream, async (text) => {
      const link = frameAsLink(parser, text);
      const node = await oracle.frame(text);
      counts.runs += 1;
      if (link.requests.length > 0) counts.accepted += 1;
      if (link.end === 'refused') counts.refusedByLink += 1;
      if (link.end === 'refused' && node.refusal === undefined) counts.refusedByLinkOnly += 1;
      if (link.end !== 'refused' && node.refusal !== undefined) counts.refusedByNodeOnly += 1;
      const found = difference(link, node);
      if (found !== undefined) throw new Error(found);
    });
    const details = await fc.check(property, { seed, numRuns: Math.min(runsMax, 2 ** 31 - 1), interruptAfterTimeLimit: seconds * 1_000 });
    return { details, counts };
  } finally {
    await oracle.close();
  }
}
