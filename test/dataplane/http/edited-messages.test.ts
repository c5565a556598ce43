/**
 * Faults that change bodies, and what of HTTP/1.x must hold nevertheless: every message still begins where its readers look for it, whatever framing it
 * came in and whatever became of its length; interim answers, expectations, early answers and tunnels are what they were.
 */
import http from 'node:http';
import type net from 'node:net';
import { Readable } from 'node:stream';
import { Client } from 'undici';
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { activeFault, until, untilEmpty, wait } from '../../support/tcp.js';

const REQUESTS = 150;
const SEEDS = [1, 2, 3, 4];

interface Asked {
  id: number;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  body: string;
  isChunked: boolean;
  status: number;
  answersInChunks: boolean;
  hints: boolean;
}

function randomRequests(seed: number): Asked[] {
  const draw = drawStream(keyedDraw({ seed, faultId: 'requests' }), 'script');
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(draw() * choices.length)] as T;
  return Array.from({ length: REQUESTS }, (_, id) => {
    const method = pick('GET' as const, 'HEAD' as const, 'POST' as const, 'PUT' as const);
    const hasBody = method === 'POST' || method === 'PUT';
    const body = hasBody ? `${id}:`.repeat(Math.floor(draw() * pick(1, 40, 4_000))) : '';
    const status = pick(200, 200, 404, 204, 304);
    return { id, method, body, isChunked: hasBody && draw() < 0.5, status, answersInChunks: draw() < 0.5, hints: draw() < 0.2 };
  });
}

/** Node’s own parser as the callee: it answers as the request asks for, with what it has heard of the body. */
async function obedientServer(asked: readonly Asked[]) {
  const heard = new Map<number, string>();
  const problems: string[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (bytes: Buffer) => chunks.push(bytes));
    request.on('end', () => {
      const { id, status, answersInChunks, hints } = asked[Number(request.url?.slice(1))] as Asked;
      const body = Buffer.concat(chunks).toString();
      heard.set(id, body);
      if (hints) response.writeEarlyHints({ link: '</a.css>' });
      response.setHeader('x-id', String(id));
      response.statusCode = status;
      const answer = `answer ${id} to ${body}`;
      if (answersInChunks) response.write(answer.slice(0, 5));
      else if (status !== 204 && status !== 304) response.setHeader('content-length', answer.length);
      response.end(answersInChunks ? answer.slice(5) : answer);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    problems.push(error.code ?? error.message);
    socket.destroy();
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    heard,
    problems,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `up` and `down` say what is left of a body. */
interface Editing {
  faults: readonly Parameters<typeof activeFault>[0][];
  up(body: string): string;
  down(body: string): string;
}

/** Each changes a length, a framing or the time of arrival. */
const whole = (body: string): string => body;
const editings: readonly (Editing & { name: string })[] = [
  { name: 'not changed at all', faults: [], up: whole, down: whole },
  {
    name: 'cut requests',
    faults: [{ type: 'truncate', direction: 'up', value: { after: '7B', length: 'right' } }],
    up: (b: string) => b.slice(0, 7),
    down: whole,
  },
  {
    name: 'cut answers',
    faults: [{ type: 'truncate', direction: 'down', value: { after: '9B', length: 'right' } }],
    up: whole,
    down: (b: string) => b.slice(0, 9),
  },
  {
    name: 'cut, thrown into pieces and slowed down on both ways',
    faults: [
      { id: 'cut', type: 'truncate', direction: 'both', value: { after: '1000B', length: 'right' } },
      { type: 'drip', direction: 'both', value: { size: '900B', interval: '1ms' } },
      { type: 'throttle', direction: 'both', value: { rate: '10MB/s' } },
    ],
    up: (b: string) => b.slice(0, 1_000),
    down: (b: string) => b.slice(0, 1_000),
  },
  {
    name: 'replaced by others',
    faults: [{ type: 'replace', direction: 'both', value: { body: 'other' } }],
    up: () => 'other',
    down: () => 'other',
  },
];

/** Asks all through a link with these faults; fails where a message is not what it should have become. */
async function askAll(asked: readonly Asked[], { faults, up, down }: Editing): Promise<void> {
  await using server = await obedientServer(asked);
  await using link = await httpProxyTo(server.port);
  link.proxy.setFaults(faults.map((fault) => activeFault(fault)));
  const client = new Client(`http://127.0.0.1:${link.port}`, { pipelining: 8 });
  const asking = asked.map(async ({ id, method, body, isChunked, status }) => {
    const sent = isChunked ? Readable.from([body.slice(0, 3), body.slice(3)].filter(Boolean)) : body;
    const answer = await client.request({ path: `/${id}`, method, body: method === 'POST' || method === 'PUT' ? sent : null });
    const text = await answer.body.text();
    expect({ status: answer.statusCode, id: answer.headers['x-id'] }).toEqual({ status, id: String(id) });
    const isBodiless = method === 'HEAD' || status === 204 || status === 304;
    const heard = server.heard.get(id) ?? 'nothing';
    expect(heard, `request ${id}`).toBe(up(body));
    expect(text, `answer ${id}`).toBe(isBodiless ? '' : down(`answer ${id} to ${heard}`));
  });
  try {
    await Promise.all(asking);
  } finally {
    await client.destroy();
    await Promise.allSettled(asking);
  }
  expect(server.problems).toEqual([]);
  expect(link.exchanges.filter(({ end }) => end === 'complete')).toHaveLength(asked.length);
}

describe.each(editings)('messages whose bodies are $name', (editing) => {
  it.each(SEEDS)('keep their order and their ends, pipelined where undici dares to (seed %d)', async (seed) => {
    await askAll(randomRequests(seed), editing);
  });
});

it('a length that does not fit would be found out', async () => {
  const faults = [{ type: 'truncate', value: { after: '9B', length: 'wrong' } }];
  await expect(askAll(randomRequests(1), { faults, up: whole, down: (body) => body.slice(0, 9) })).rejects.toThrow();
});

const PUT = 'PUT /u HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\n';

describe('a request that waits for 100 Continue', () => {
  it('gets it from the callee where its body streams, and the callee the length that comes', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', direction: 'up', value: { after: '4B', length: 'right' } })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(`${PUT}Content-Length: 8\r\n\r\n`);
    await until('the callee has the head', () => upstream.received().endsWith('\r\n\r\n'));
    expect(upstream.received()).toBe(`${PUT}Content-Length: 4\r\n\r\n`);
    upstream.accepted[0]?.write('HTTP/1.1 100 Continue\r\n\r\n');
    expect(await caller.includes('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    caller.socket.write('12345678');
    await until('the callee has the body', () => upstream.received().endsWith('\r\n\r\n1234'));
    upstream.accepted[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    await caller.includes('ok');
    caller.socket.write(get('/next'));
    await until('the next one follows behind the cut body', () => upstream.received().endsWith(`1234${get('/next')}`));
  });

  it('does not wait for ever where its body must be whole before its head can go on', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    const value = { what: 'fields', rate: 100 };
    link.proxy.setFaults([activeFault({ type: 'corruptBody', direction: 'up', value })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(`${PUT}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n`);
    expect(await caller.includes('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    caller.socket.write('{"a":true}');
    await until('the callee has it', () => upstream.received().includes('false'));
    expect(upstream.received()).not.toContain('Expect');
    expect(upstream.received()).toContain('Content-Length: 11\r\n\r\n{"a":false}');
  });
});

describe('an answer that comes before its request is over', () => {
  it('passes at once, while the body is still held up on its way', async () => {
    await using upstream = await rawUpstream(({ socket }) =>
      socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n')),
    );
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault({ type: 'drip', direction: 'up', value: { size: '100B', interval: '30ms' } })]);
    const caller = new Transcript(link.dial());
    const head = 'POST /u HTTP/1.1\r\nHost: b\r\nContent-Length: 1000\r\n\r\n';
    caller.socket.write(`${head}${'x'.repeat(1_000)}${get('/next')}`);
    await caller.includes('413');
    expect(upstream.received().length).toBeLessThan(head.length + 1_000);
    await until('the rest follows', () => upstream.received() === `${head}${'x'.repeat(1_000)}${get('/next')}`);
  });
});

describe('a tunnel', () => {
  it.each([
    { request: 'CONNECT far:443 HTTP/1.1\r\nHost: far:443\r\n\r\n', answer: 'HTTP/1.1 200 OK\r\n\r\n' },
    {
      request: 'GET / HTTP/1.1\r\nHost: b\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
      answer: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    },
  ])('has no body to change: $answer', async ({ request, answer }) => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.write(`${answer}first words`)));
    await using link = await httpProxyTo(upstream.port);
    const types = [
      { type: 'truncate', value: { after: '3B' } },
      { type: 'corruptBody', value: { rate: 100 } },
      { type: 'malformedChunk', value: {} },
      { type: 'throttle', value: { rate: '0B/s' } },
      { type: 'drip', value: { interval: '1h' } },
    ];
    const faults = types.map((fault) => activeFault({ direction: 'both', ...fault }));
    link.proxy.setFaults(faults);
    const caller = new Transcript(link.dial());
    caller.socket.write(request);
    expect(await caller.length(answer.length + 11)).toBe(`${answer}first words`);
    caller.socket.write('and back');
    await until('the callee has it', () => upstream.received() === `${request}and back`);
    expect(faults.map(({ counts }) => counts.applied)).toEqual(Array(types.length).fill(0));
  });
});

describe('a caller that goes away in the middle', () => {
  it.each(['up', 'down'] as const)('of a body that a fault holds (%s) leaves nothing behind', async (direction) => {
    await using upstream = await rawUpstream(({ socket }) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1_000)}`));
      socket.once('end', () => socket.end());
    });
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([
      activeFault({ type: 'throttle', direction, value: { rate: '2KB/s' } }),
      activeFault({ type: 'drip', direction, value: { size: '50B', interval: '5ms' } }),
    ]);
    const callers = Array.from({ length: 8 }, () => new Transcript(link.dial()));
    for (const { socket } of callers) socket.write(`POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 500\r\n\r\n${'y'.repeat(500)}`);
    await Promise.all(callers.map((caller) => caller.includes('\r\n\r\n')));
    await wait(20);
    callers.forEach(({ socket }, i) => {
      if (i % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    });
    await untilEmpty(link);
    await until('the callee has none', () => {
      for (const socket of upstream.accepted) if (!socket.destroyed) socket.write(' ');
      return upstream.accepted.every(({ destroyed }) => destroyed);
    });
    expect(link.exchanges).toHaveLength(8);
  });
});
