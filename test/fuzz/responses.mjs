/**
 * Responses, for differential fuzzing. What the link accepts as the answer to a request, Node's own client has to read in the same way: the same
 * interim answers, the same status, body and trailers, whole or cut short. One answer a connection, because that is what Node's client asks for.
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import fc from 'fast-check';
import {
  chunked,
  closeField,
  codingField,
  data,
  decodeChunks,
  eol,
  HEAD_BYTES_MAX,
  lengthField,
  mostly,
  otherField,
  pick,
  streamOf,
} from './pieces.mjs';

const CASE_MS_MAX = 5_000;

const statusLine = (status) =>
  fc.tuple(
    mostly('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'http/1.1', 'HTTP/1.10', 'HTTP/01.1', 'HTTP/0.9', 'ICY', ''),
    mostly(' ', '  ', '\t', ''),
    mostly(status, `0${status}`, `${status}0`, `+${status}`, `${status}.0`, '0', '99', '000', ''),
    mostly(' OK', '', ' ', ' a b', ' \xff', ' \x01', '  OK', '\tOK'),
    eol,
  );
const final = mostly('200', '204', '304', '404', '500', '999', '206').chain(statusLine);
const interim = fc.tuple(pick('100', '103', '102').chain(statusLine), fc.array(otherField, { maxLength: 1 }), fc.constant('\r\n'));
const before = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: interim });

const response = fc.oneof(
  fc.tuple(before, final, fc.array(otherField, { maxLength: 2 }), fc.constant('\r\n'), mostly('', 'until the end')),
  data.chain((body) =>
    fc.tuple(before, final, fc.array(otherField, { maxLength: 1 }), lengthField(body.length), fc.constant('\r\n'), fc.constant(body)),
  ),
  fc.tuple(before, final, codingField, fc.array(otherField, { maxLength: 1 }), fc.constant('\r\n'), chunked),
  data.chain((body) =>
    fc.tuple(
      final,
      fc
        .shuffledSubarray([0, 1, 2], { minLength: 2 })
        .chain((order) => fc.tuple(...order.map((i) => [lengthField(body.length), codingField, closeField][i]))),
      eol,
      fc.constant(body),
    ),
  ),
);
const exchange = fc.record({ method: mostly('GET', 'HEAD', 'POST'), text: streamOf(response) });

/** Field lines as Node tells them: names and values in turns. */
function rawFields(lines) {
  return lines
    .split('\r\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const colonAt = line.indexOf(':');
      return [line.slice(0, colonAt), line.slice(colonAt + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
    });
}

/**
 * What the link makes of the first answer in a stream that then ends. `whole`: the answer is. `cut`: the callee has ended within it. `refused`: the
 * caller gets a 502, or a reset if it has seen part of it.
 */
export function readAsLink({ MessageReader, parseResponseHead }, { method, text }) {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new MessageReader({ kind: 'response', headBytesMax: HEAD_BYTES_MAX });
  const answer = { interim: [], status: undefined, body: '', trailers: [], end: 'cut' };
  let head;
  let bodyAt = 0;
  const over = (at, end) => {
    const raw = bytes.toString('latin1', bodyAt, at);
    const isChunked = head.framing === 'chunked';
    return { ...answer, end, body: isChunked ? decodeChunks(raw) : raw, trailers: isChunked ? rawFields(reader.trailers) : [] };
  };
  for (let at = 0; at < bytes.length; ) {
    at = reader.advance(bytes, at);
    if (reader.event === 'malformed') return { ...answer, end: 'refused' };
    if (reader.event === 'partial') return answer;
    let isOver = reader.event === 'end';
    if (reader.event === 'head') {
      head = parseResponseHead(reader.headText, method);
      if (typeof head === 'string' || head.status === 101) return { ...answer, end: 'refused' };
      if (head.status < 200) {
        answer.interim.push(head.status);
        reader.startBody('none');
        continue;
      }
      answer.status = head.status;
      bodyAt = at;
      isOver = reader.startBody(head.framing);
    }
    if (isOver) return over(at, 'whole');
  }
  return reader.endStream() ? over(bytes.length, 'whole') : answer;
}

/** A client of Node's own, and a callee that gives it one stream after another. */
export async function startOracle() {
  let given;
  const callee = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.from(given, 'latin1')));
  });
  callee.listen(0, '127.0.0.1');
  await once(callee, 'listening');
  const { port } = callee.address();
  return {
    frame: ({ method, text }) => {
      given = text;
      return ask(method, port);
    },
    close: () => new Promise((resolve) => callee.close(resolve)),
  };
}

/** Never rejects: what Node's client refuses is in `refusal`. */
function ask(method, port) {
  const answer = { interim: [], status: undefined, body: '', trailers: [], isWhole: false, refusal: undefined };
  return new Promise((resolve) => {
    const request = http.request({ method, port, host: '127.0.0.1', agent: false, timeout: CASE_MS_MAX, maxHeaderSize: HEAD_BYTES_MAX });
    const refused = (error) => {
      // An end that comes too early is not a refusal: the link sees it as well.
      if (error.code !== 'ECONNRESET') answer.refusal ??= error.code ?? String(error);
    };
    request.on('information', ({ statusCode }) => answer.interim.push(statusCode));
    request.on('upgrade', (_response, socket) => {
      answer.refusal ??= 'upgrade';
      socket.destroy();
    });
    request.on('response', (response) => {
      answer.status = response.statusCode;
      response.setEncoding('latin1');
      response.on('data', (part) => {
        answer.body += part;
      });
      response.on('error', refused);
      response.on('end', () => {
        answer.isWhole = response.complete;
        answer.trailers = response.rawTrailers;
      });
    });
    request.on('error', refused);
    request.on('timeout', () => request.destroy(new Error('no end')));
    request.on('close', () => resolve(answer));
    request.end();
  });
}

/** A sentence if the two read different answers in the same bytes. */
export function difference(link, node) {
  if (link.end === 'refused') return undefined;
  if (link.end === 'cut')
    return node.isWhole ? `Node reads a whole answer where the link waits for more: ${JSON.stringify(node)}` : undefined;
  if (node.refusal !== undefined) return undefined;
  const { end: _end, ...ours } = link;
  const { isWhole, refusal: _refusal, ...theirs } = node;
  if (!isWhole) return `the link reads a whole answer where Node waits for more: ${JSON.stringify(ours)}`;
  const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
  return one === other ? undefined : `the link reads ${one}, Node ${other}`;
}

/** `reader` is the link's own, or one that a test has spoiled. */
export const responseFraming = (reader) => ({
  name: 'response framing against Node’s client',
  input: exchange,
  startOracle,
  readAsLink: (given) => readAsLink(reader, given),
  difference,
});
