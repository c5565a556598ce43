/**
 * What crosses an HTTP link without faults is the same on both sides, byte for byte. Each conversation is played against a raw scripted callee;
 * a turn is over when the other side has received exactly its bytes.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { httpProxyTo, Transcript } from '../../support/http.js';
import { dial, serve } from '../../support/tcp.js';

type Turn = readonly [speaker: 'caller' | 'callee', bytes: string];
interface Conversation {
  name: string;
  turns: readonly Turn[];
  /** What is recorded of it. */
  recorded: readonly Record<string, unknown>[];
  /** Who half-closes after the last turn; the other side sees it, and answers in kind. */
  ends?: 'caller' | 'callee';
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-LENGTH: 2\r\nX-Odd:\t spaced \r\n\r\nok';
const HOST = 'Host: callee\r\n';
const CHUNKS = '5;ext=1;quoted="a;b"\r\nhello\r\n00A\r\n0123456789\r\n1\r\n\r\r\n0;last\r\nX-Sum: abc\r\nX-Sum: def\r\n\r\n';
const LARGE = 'x0123456789abcde'.repeat(256 * 1024);

const conversations: readonly Conversation[] = [
  {
    name: 'a plain request, and another on the same connection',
    turns: [
      ['caller', `GET /a//../b%2e?x=%20 HTTP/1.1\r\n${HOST}x-CASE: Kept\r\nDup: 1\r\nDup: 2\r\n\r\n`],
      ['callee', OK],
      ['caller', `DELETE /again HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', 'HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n'],
    ],
    recorded: [
      { method: 'GET', path: '/a//../b%2e?x=%20', status: 200, end: 'complete' },
      { method: 'DELETE', path: '/again', status: 404, end: 'complete' },
    ],
  },
  {
    name: 'chunked both ways, with extensions and trailers',
    turns: [
      ['caller', `POST /c HTTP/1.1\r\n${HOST}Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`],
      ['callee', `HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n${CHUNKS}`],
    ],
    recorded: [{ method: 'POST', status: 200, end: 'complete' }],
  },
  {
    name: 'pipelined requests of every framing, with an empty line between',
    turns: [
      [
        'caller',
        `GET /1 HTTP/1.1\r\n${HOST}\r\nPOST /2 HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc\r\nPOST /3 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${CHUNKS}HEAD /4 HTTP/1.1\r\n${HOST}\r\n`,
      ],
      ['callee', `${OK}HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`],
      ['callee', 'HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n'],
    ],
    recorded: [
      { path: '/1', status: 200, ordinal: 1 },
      { path: '/2', status: 204, ordinal: 2 },
      { path: '/3', status: 200, ordinal: 3 },
      { path: '/4', status: 200, ordinal: 4 },
    ],
  },
  {
    name: 'answers without a body: HEAD, 204, 304',
    turns: [
      ['caller', `HEAD / HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
      ['caller', `GET / HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', 'HTTP/1.1 204 No Content\r\n\r\n'],
      ['caller', `GET / HTTP/1.1\r\n${HOST}If-None-Match: "a"\r\n\r\n`],
      ['callee', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 999\r\n\r\n'],
    ],
    recorded: [{ status: 200 }, { status: 204 }, { status: 304 }],
  },
  {
    name: 'interim answers before the final one',
    turns: [
      ['caller', `GET / HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'],
      ['callee', `HTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\n${OK}`],
    ],
    recorded: [{ status: 200, end: 'complete' }],
  },
  {
    name: 'Expect: 100-continue',
    turns: [
      ['caller', `PUT /u HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`],
      ['callee', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['caller', 'body'],
      ['callee', OK],
    ],
    recorded: [{ method: 'PUT', status: 200, end: 'complete' }],
  },
  {
    name: 'an answer before the request is over',
    turns: [
      ['caller', `PUT /u HTTP/1.1\r\n${HOST}Content-Length: 8\r\n\r\nhalf`],
      ['callee', 'HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'],
      ['caller', 'rest'],
      ['caller', `GET / HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', OK],
    ],
    recorded: [{ status: 413 }, { status: 200 }],
  },
  {
    name: 'HTTP/1.0, until the connection closes',
    turns: [
      ['caller', 'GET / HTTP/1.0\r\n\r\n'],
      ['callee', 'HTTP/1.0 200 OK\r\n\r\nall of this until the end'],
    ],
    ends: 'callee',
    recorded: [{ status: 200, end: 'complete' }],
  },
  {
    name: 'a body until close in HTTP/1.1, after the caller has half-closed',
    turns: [
      ['caller', `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
      ['callee', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil close'],
    ],
    ends: 'caller',
    // It half-closed before the answer was whole, and that is what is told.
    recorded: [{ status: 200, end: 'clientClosed' }],
  },
  {
    name: 'an upgrade and its tunnel, with bytes sent ahead',
    turns: [
      ['caller', `GET /ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
      ['callee', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello'],
      ['caller', '\x81\x85\x00\x00\x00\x00GET / HTTP/1.1\n\n'],
      ['callee', '\x00\xff\r\n\r\nHTTP/1.1 999'],
    ],
    ends: 'caller',
    recorded: [{ status: 101, end: 'tunnel' }],
  },
  {
    name: 'an upgrade that is refused, and the next request',
    turns: [
      ['caller', `GET /ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
      ['callee', 'HTTP/1.1 426 No\r\nContent-Length: 2\r\n\r\nno'],
      ['caller', `GET / HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', OK],
    ],
    recorded: [{ status: 426 }, { status: 200 }],
  },
  {
    name: 'CONNECT',
    turns: [
      ['caller', 'CONNECT far:443 HTTP/1.1\r\nHost: far:443\r\n\r\n'],
      ['callee', 'HTTP/1.1 200 Connection established\r\n\r\n'],
      ['caller', '\x16\x03\x01\x02\x00'],
      ['callee', '\x16\x03\x03\x00\x7a'],
    ],
    ends: 'callee',
    recorded: [{ method: 'CONNECT', path: 'far:443', status: 200, end: 'tunnel' }],
  },
  {
    name: 'CONNECT that is refused, and the next request',
    turns: [
      ['caller', 'CONNECT far:443 HTTP/1.1\r\nHost: far:443\r\n\r\n'],
      ['callee', 'HTTP/1.1 407 Who Are You\r\nProxy-Authenticate: Basic\r\nContent-Length: 3\r\n\r\nwho'],
      ['caller', `GET / HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', OK],
    ],
    recorded: [{ status: 407, end: 'complete' }, { status: 200 }],
  },
  {
    name: 'targets in absolute form, with a query that looks like another, and the asterisk',
    turns: [
      ['caller', `GET http://callee:80/a?b=http://c/ HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', OK],
      ['caller', `GET HTTP://user@[::1]:8080 HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', OK],
      ['caller', `OPTIONS * HTTP/1.1\r\n${HOST}Max-Forwards: 0\r\n\r\n`],
      ['callee', 'HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n'],
    ],
    recorded: [
      { method: 'GET', path: 'http://callee:80/a?b=http://c/', status: 200 },
      { method: 'GET', status: 200 },
      { method: 'OPTIONS', path: '*', status: 204 },
    ],
  },
  {
    name: 'header fields of every odd shape that is allowed',
    turns: [
      [
        'caller',
        `PATCH /o HTTP/1.1\r\n${HOST}no-space:x\r\nempty:\r\nblank: \t \r\nhigh: \xe4\xf6\xff\r\n!#$%&'*+-.^_\`|~9: odd name\r\nquoted: "a\\"b, c"\r\ncontent-length:0\r\nlong: ${'x'.repeat(8_000)}\r\n\r\n`,
      ],
      ['callee', 'HTTP/1.1 299 \xfcber\r\nX:\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length:  0  \r\n\r\n'],
    ],
    recorded: [{ method: 'PATCH', status: 299, end: 'complete' }],
  },
  {
    name: 'bodies without a byte, and with one chunk a byte',
    turns: [
      [
        'caller',
        `POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\nPOST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ],
      ['callee', `HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
      ['caller', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${'1\r\n\n\r\n'.repeat(50)}000\r\n\r\n`],
      ['callee', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\n\r\r\n'.repeat(50)}0\r\n\r\n`],
    ],
    recorded: [{ status: 205 }, { status: 200 }, { status: 200 }],
  },
  {
    name: 'HTTP/1.0 that keeps its connection, and answers in HTTP/1.1',
    turns: [
      ['caller', 'GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n'],
      ['callee', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'],
      ['caller', 'POST /2 HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab'],
      ['callee', 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'],
    ],
    recorded: [
      { path: '/1', status: 200 },
      { path: '/2', status: 200 },
    ],
  },
  {
    name: 'several interim answers to an upload that goes on meanwhile',
    turns: [
      ['caller', `PUT /u HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n`],
      ['callee', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['caller', '3\r\none\r\n'],
      ['callee', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
      ['caller', '3\r\ntwo\r\n0\r\n\r\n'],
      ['callee', OK],
    ],
    recorded: [{ method: 'PUT', status: 200, end: 'complete' }],
  },
  {
    name: 'an expectation that fails: the body is never sent, and the connection ends',
    turns: [
      ['caller', `PUT /u HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n`],
      ['callee', 'HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ],
    ends: 'callee',
    recorded: [{ method: 'PUT', status: 417 }],
  },
  {
    name: 'an offer to switch to HTTP/2 that is not taken up',
    turns: [
      ['caller', `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`],
      ['callee', OK],
      ['caller', `GET /again HTTP/1.1\r\n${HOST}\r\n`],
      ['callee', OK],
    ],
    recorded: [{ status: 200, end: 'complete' }, { status: 200 }],
  },
];

interface Heard {
  caller: string;
  callee: string;
}

/** Plays the turns through `port`, in pieces of `pieceBytes`. Returns what each side heard. */
async function play({ turns, ends }: Conversation, port: number, callee: () => Transcript | undefined, pieceBytes: number): Promise<Heard> {
  const caller = new Transcript(dial(port));
  const heard: Heard = { caller: '', callee: '' };
  for (const [speaker, text] of turns) {
    while (callee() === undefined && speaker === 'callee') await new Promise((resolve) => setTimeout(resolve, 1));
    const from = speaker === 'caller' ? caller : (callee() as Transcript);
    const listener = speaker === 'caller' ? 'callee' : 'caller';
    heard[listener] += text;
    await send(from, Buffer.from(text, 'latin1'), pieceBytes);
    while (callee() === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    const to = speaker === 'caller' ? (callee() as Transcript) : caller;
    await to.length(heard[listener].length);
  }
  const sides = { caller, callee: callee() as Transcript };
  if (ends !== undefined) {
    const other = ends === 'caller' ? 'callee' : 'caller';
    sides[ends].socket.end();
    await sides[other].end();
    sides[other].socket.end();
    await sides[ends].end();
  }
  caller.socket.destroy();
  return { caller: sides.caller.text, callee: sides.callee.text };
}

async function send(from: Transcript, bytes: Buffer, pieceBytes: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    from.socket.write(bytes.subarray(at, at + pieceBytes));
    // Two turns of the loop let the link read the piece by itself.
    if (pieceBytes < bytes.length) await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
}

function hashes({ turns }: Conversation): Heard {
  const of = (speaker: Turn[0]): string =>
    hash(
      turns
        .filter(([s]) => s === speaker)
        .map(([, bytes]) => bytes)
        .join(''),
    );
  return { caller: of('callee'), callee: of('caller') };
}
const hash = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');

async function playThroughLink(conversation: Conversation, pieceBytes: number): Promise<Heard> {
  let callee: Transcript | undefined;
  await using upstream = await serve((socket) => {
    callee = new Transcript(socket);
  });
  await using link = await httpProxyTo(upstream.port);
  const heard = await play(conversation, link.port, () => callee, pieceBytes);
  await link.proxy.close();
  expect(link.exchanges).toMatchObject(conversation.recorded);
  expect(link.exchanges.map((e) => e.ordinal)).toEqual(conversation.recorded.map((_, i) => i + 1));
  const total = conversation.turns.reduce((sum, [, text]) => sum + text.length, 0);
  const { bytesUp, bytesDown } = link.proxy.stats();
  expect(bytesUp + bytesDown).toBe(total);
  return { caller: hash(heard.caller), callee: hash(heard.callee) };
}

describe('an HTTP link without faults', () => {
  it.each(conversations.map((c) => [c.name, c] as const))('carries unchanged: %s', async (_name, conversation) => {
    expect(await playThroughLink(conversation, Number.POSITIVE_INFINITY)).toEqual(hashes(conversation));
  });

  it.each(conversations.map((c) => [c.name, c] as const))('carries unchanged, one byte at a time: %s', async (_name, conversation) => {
    expect(await playThroughLink(conversation, 1)).toEqual(hashes(conversation));
  });

  it('carries large bodies unchanged, both ways and back to back', async () => {
    const conversation: Conversation = {
      name: 'large',
      turns: [
        ['caller', `POST /l HTTP/1.1\r\n${HOST}Content-Length: ${LARGE.length}\r\n\r\n${LARGE}`],
        ['callee', `HTTP/1.1 200 OK\r\nContent-Length: ${LARGE.length}\r\n\r\n${LARGE}`],
        ['caller', `GET / HTTP/1.1\r\n${HOST}\r\n`],
        ['callee', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${LARGE.length.toString(16)}\r\n${LARGE}\r\n0\r\n\r\n`],
      ],
      recorded: [{ status: 200 }, { status: 200 }],
    };
    expect(await playThroughLink(conversation, Number.POSITIVE_INFINITY)).toEqual(hashes(conversation));
  });

  it('would be caught changing one byte', async () => {
    const conversation = conversations[0] as Conversation;
    let callee: Transcript | undefined;
    await using upstream = await serve((socket) => {
      callee = new Transcript(socket);
    });
    // A link that writes header names in lower case, as well-meaning proxies do.
    await using meddler = await serve((socket) => {
      const up = dial(upstream.port);
      socket.on('data', (bytes: Buffer) => up.write(bytes.toString('latin1').replace('x-CASE', 'x-case'), 'latin1'));
      up.on('data', (bytes: Buffer) => socket.write(bytes));
    });
    const heard = await play(conversation, meddler.port, () => callee, Number.POSITIVE_INFINITY);
    expect(hash(heard.caller)).toBe(hashes(conversation).caller);
    expect(hash(heard.callee)).not.toBe(hashes(conversation).callee);
  });
});
