/** What every HTTP fault promises, whatever it does; faults that break a promise are found out. And what the link does with their decisions. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { faults } from '../../src/dataplane/faults/catalog.js';
import {
  type BodyEdit,
  defineHttpFault,
  type HeadEdit,
  type HttpDecision,
  type HttpFault,
  type HttpFaultContext,
} from '../../src/dataplane/faults/fault.js';
import { Gate } from '../../src/dataplane/faults/gate.js';
import { ParsedRequest, parseRequestHead } from '../../src/dataplane/http/request-head.js';
import { ParsedResponse, parseResponseHead } from '../../src/dataplane/http/response-head.js';
import { countingUpstream, get, httpProxyTo, Transcript } from '../support/http.js';
import { activeFault, serve } from '../support/tcp.js';

const SEEDS = 200;
/** Fields that decide the framing or the connection's life. */
const FRAMING = /^(content-length|transfer-encoding|connection|upgrade)$/;
const WHOLE_BYTES_MAX = 16 * 1024 * 1024;
const COPIES_MAX = 100;
const JSON_FIELDS = { 'content-type': 'application/json' };
const REQUESTS = [
  get('/a', { 'user-agent': 'test' }),
  get('/a', { ...JSON_FIELDS, 'content-length': '7' }),
  get('/a', { ...JSON_FIELDS, 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' }),
].map((text) => parseRequestHead(text) as ParsedRequest);
const RESPONSES = ['Content-Length: 0', 'Content-Type: application/json', 'Content-Type: application/json\r\nContent-Encoding: gzip'].map(
  (fields) => parseResponseHead(`HTTP/1.1 200 OK\r\n${fields}\r\n\r\n`, 'GET') as ParsedResponse,
);
const HOSTILE_BODIES = [
  '',
  '{"a":1}',
  '{"exp":1e999}',
  '{"__proto__":{"a":1}}',
  '['.repeat(20_000),
  '{"a":'.repeat(20_000),
  '\ud800',
  '{"a":1',
  'null',
]
  .map((text) => Buffer.from(text))
  .concat(
    gzipSync('{"a":1}'),
    gzipSync(Buffer.alloc(8 * 1024 * 1024)),
    Buffer.from([0x1f, 0x8b, 8, 0, 0xff]),
    Buffer.from([0xff, 0xfe, 0, 0x80]),
  );

/** Decisions on 200 requests and 200 responses, each with draws of its own seed, and what all messages of a phase have in common. */
function decisions(fault: HttpFault): HttpDecision[] {
  const params = fault.schema.parse(fault.example);
  const shared = new Map<string, unknown>();
  return Array.from({ length: SEEDS }, (_, seed) => {
    const random = drawStream(keyedDraw({ seed, faultId: 'conformance' }), 'key');
    const phase = fault.phases?.[seed % fault.phases.length] ?? (seed % 2 === 0 ? 'up' : 'down');
    const context: HttpFaultContext = {
      request: REQUESTS[seed % REQUESTS.length] as ParsedRequest,
      ...(phase === 'down' && { response: RESPONSES[seed % RESPONSES.length] as ParsedResponse }),
      random,
      nowMs: 1_000 * seed,
      from: 'a',
      to: 'b',
      source: () => '127.0.0.1',
      gate: () => new Gate(),
      shared: <T>(create: () => T): T => {
        if (!shared.has('')) shared.set('', create());
        return shared.get('') as T;
      },
    };
    return fault.decide(params, Object.freeze(context));
  });
}

const isWait = (ms: number): boolean => ms >= 0 && !Number.isNaN(ms);

/** What is wrong with fields that a fault names: they must neither break lines nor frame. */
function fieldProblem(fields: Readonly<Record<string, string>>): string | undefined {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  if (lines.some((line) => /[\r\n]/.test(line.slice(0, -2)))) return `headers that break lines: ${lines.join('')}`;
  if (Object.keys(fields).some((name) => FRAMING.test(name))) return `headers that frame: ${lines.join('')}`;
  const head = parseResponseHead(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`, 'GET');
  return head instanceof ParsedResponse ? undefined : `headers that cannot be read: ${lines.join('')}`;
}

function statusProblem(status: number): string | undefined {
  return Number.isInteger(status) && status >= 200 && status <= 599 ? undefined : `status ${status}`;
}

function headProblem({ method = 'GET', target = '/', status = 200, set = {}, remove = [] }: HeadEdit): string | undefined {
  if (!(parseRequestHead(`${method} ${target} HTTP/1.1\r\nHost: b\r\n\r\n`) instanceof ParsedRequest))
    return `a request of ${method} ${target}`;
  if (remove.some((name) => FRAMING.test(name))) return `removes ${remove.join()}`;
  const loud = [...Object.keys(set), ...remove].find((name) => name !== name.toLowerCase());
  return loud === undefined ? (statusProblem(status) ?? fieldProblem(set)) : `the name ${loud}`;
}

function editProblem({ head = {}, body }: Extract<HttpDecision, { kind: 'edit' }>): string | undefined {
  if (body?.kind === 'stream' && typeof body.length === 'number' && !(Number.isInteger(body.length) && body.length >= 0))
    return `a body of ${body.length} bytes`;
  if (body?.kind === 'whole' && !(body.bytesMax > 0 && body.bytesMax <= WHOLE_BYTES_MAX)) return `a body kept up to ${body.bytesMax} bytes`;
  return (
    headProblem(head) ?? (body?.kind === 'whole' ? HOSTILE_BODIES.map((bytes) => rewriteProblem(body, bytes)).find(Boolean) : undefined)
  );
}

/** Bytes from the wire: a fault must not throw, whatever they are. */
function rewriteProblem(edit: Extract<BodyEdit, { kind: 'whole' }>, bytes: Buffer): string | undefined {
  try {
    return headProblem(edit.rewrite(bytes)?.head ?? {});
  } catch (error) {
    return `${String(error)} at ${JSON.stringify(bytes.toString('latin1', 0, 40))}`;
  }
}

function problemOf(decision: HttpDecision, phase: 'up' | 'down'): string | undefined {
  switch (decision.kind) {
    case 'continue':
    case 'reset':
    case 'watch':
    case 'raw':
    case 'goaway':
      return undefined;
    case 'delay':
      return isWait(decision.delayMs) && Number.isFinite(decision.delayMs) ? undefined : `a delay of ${decision.delayMs}`;
    case 'hold':
      return isWait(decision.limitMs) ? undefined : `a limit of ${decision.limitMs}`;
    case 'duplicate':
      if (phase === 'down') return 'a copy of a response';
      if (!isWait(decision.delayMs) || !Number.isFinite(decision.delayMs)) return `a delay of ${decision.delayMs}`;
      return Number.isInteger(decision.copies) && decision.copies > 0 && decision.copies <= COPIES_MAX
        ? undefined
        : `${decision.copies} copies`;
    case 'edit':
      return editProblem(decision);
    case 'lose':
      return phase === 'down' ? undefined : 'the loss of an answer that is not there yet';
    case 'reply':
      return statusProblem(decision.status) ?? fieldProblem(decision.headers);
  }
}

/** Each decision in its phase. */
function problems(fault: HttpFault): (string | undefined)[] {
  return decisions(fault).map((decision, i) =>
    problemOf(decision, fault.phases?.[i % fault.phases.length] ?? (i % 2 === 0 ? 'up' : 'down')),
  );
}

/** Each returns what is wrong, or undefined. */
const contracts: readonly { title: string; breach: (fault: HttpFault) => string | undefined }[] = [
  { title: 'decides only what the link can do', breach: (fault) => problems(fault).find(Boolean) },
  {
    title: 'decides the same with the same draws',
    breach: (fault) => {
      const [once, again] = [JSON.stringify(decisions(fault)), JSON.stringify(decisions(fault))];
      return once === again ? undefined : 'different decisions';
    },
  },
  {
    title: 'refuses parameters that it does not know',
    breach: (fault) => {
      const extended = { ...(fault.example as object), 'no such key': 1 };
      return fault.schema.safeParse(extended).success ? 'an unknown key was accepted' : undefined;
    },
  },
  {
    title: 'refuses senseless figures',
    breach: (fault) => {
      for (const [key, value] of Object.entries(fault.example as object))
        for (const senseless of [-1, Number.POSITIVE_INFINITY, Number.NaN, 1e308, null, [value]])
          if (fault.schema.safeParse({ ...(fault.example as object), [key]: senseless }).success) return `${key}: ${String(senseless)}`;
      return undefined;
    },
  },
  { title: 'has a place among the others', breach: ({ order }) => (Number.isInteger(order) && order > 0 ? undefined : `order ${order}`) },
];

const httpFaults = faults.all.filter((fault): fault is HttpFault => fault.protocol === 'http');

it('there are faults to look at', () => {
  expect(httpFaults.map((fault) => fault.name)).toEqual(expect.arrayContaining(['abort', 'delay']));
});

describe.each(httpFaults)('$name', (fault) => {
  it.each(contracts)('$title', ({ breach }) => {
    expect(breach(fault)).toBeUndefined();
  });
});

let drawn = 0;
const good = {
  name: 'bad',
  summary: 'Break one promise.',
  schema: z.strictObject({ figure: z.int().min(0).max(10) }),
  example: { figure: 1 },
  defaultDirection: 'up' as const,
  order: 1,
  decide: (): HttpDecision => ({ kind: 'continue' }),
};
const knownBad: readonly { title: string; caughtBy: number; fault: object }[] = [
  { title: 'waits for ever', caughtBy: 0, fault: { decide: () => ({ kind: 'delay', delayMs: Number.POSITIVE_INFINITY }) } },
  { title: 'waits a negative time', caughtBy: 0, fault: { decide: () => ({ kind: 'delay', delayMs: -1 }) } },
  {
    title: 'answers with an interim status',
    caughtBy: 0,
    fault: { decide: () => ({ kind: 'reply', status: 100, headers: {}, body: '' }) },
  },
  {
    title: 'frames its answer itself',
    caughtBy: 0,
    fault: { decide: () => ({ kind: 'reply', status: 200, headers: { 'content-length': '5' }, body: '' }) },
  },
  {
    title: 'splits its answer in two',
    caughtBy: 0,
    fault: { decide: () => ({ kind: 'reply', status: 200, headers: { a: 'b\r\n\r\nc' }, body: '' }) },
  },
  { title: 'removes a field that frames', caughtBy: 0, fault: { decide: () => ({ kind: 'edit', head: { remove: ['content-length'] } }) } },
  { title: 'asks for another request', caughtBy: 0, fault: { decide: () => ({ kind: 'edit', head: { target: '/a b' } }) } },
  {
    title: 'adds a line to a head once it has the body',
    caughtBy: 0,
    fault: {
      decide: () => ({
        kind: 'edit',
        body: { kind: 'whole', bytesMax: 1, rewrite: (body: Buffer) => ({ body, head: { set: { a: 'b\r\nc: d' } } }) },
      }),
    },
  },
  {
    title: 'cannot bear a body that it did not expect',
    caughtBy: 0,
    fault: {
      decide: () => ({
        kind: 'edit',
        body: {
          kind: 'whole',
          bytesMax: 1,
          rewrite: (body: Buffer) => ({ body: Buffer.from(JSON.stringify(JSON.parse(body.toString()))) }),
        },
      }),
    },
  },
  {
    title: 'keeps bodies without bound',
    caughtBy: 0,
    fault: {
      decide: () => ({ kind: 'edit', body: { kind: 'whole', bytesMax: Number.POSITIVE_INFINITY, rewrite: (body: Buffer) => ({ body }) } }),
    },
  },
  { title: 'loses answers that nobody has given', caughtBy: 0, fault: { decide: () => ({ kind: 'lose', ending: 'hang' }) } },
  { title: 'copies for ever', caughtBy: 0, fault: { decide: () => ({ kind: 'duplicate', copies: Number.POSITIVE_INFINITY, delayMs: 0 }) } },
  {
    title: 'holds for a time that is none',
    caughtBy: 0,
    fault: { decide: () => ({ kind: 'hold', gate: new Gate(), limitMs: Number.NaN }) },
  },
  { title: 'has a memory of its own', caughtBy: 1, fault: { decide: () => ({ kind: 'delay', delayMs: drawn++ }) } },
  { title: 'takes any key', caughtBy: 2, fault: { schema: z.object({ figure: z.int().min(0).max(10) }) } },
  { title: 'takes any figure', caughtBy: 3, fault: { schema: z.strictObject({ figure: z.number() }) } },
  { title: 'has no place', caughtBy: 4, fault: { order: Number.NaN } },
];
it.each(knownBad)('a fault that $title is found out', ({ caughtBy, fault }) => {
  const bad = defineHttpFault({ ...good, ...fault }) as unknown as HttpFault;
  expect(contracts.map(({ breach }) => breach(bad) !== undefined).indexOf(true)).toBe(caughtBy);
  expect(contracts[caughtBy]?.breach(defineHttpFault(good) as unknown as HttpFault)).toBeUndefined();
});

/** Sends so many requests on `connections` keep-alive connections, one after the other, and returns which of them were answered by the fault. */
async function victims(more: object, { requests = 60, connections = 1, fields = (_n: number) => ({}) } = {}): Promise<number[]> {
  await using upstream = await countingUpstream();
  await using link = await httpProxyTo(upstream.port);
  link.proxy.setFaults([activeFault({ type: 'abort', value: { status: 599 }, ...more })]);
  const callers = Array.from({ length: connections }, () => new Transcript(link.dial()));
  const hit: number[] = [];
  for (let n = 0; n < requests; n++) {
    const caller = callers[n % connections] as Transcript;
    const from = caller.text.length;
    caller.socket.write(get(`/${n}`, fields(n)));
    await caller.until(
      'an answer',
      (text) => /HTTP\/1\.1 \d+(?:.|\r\n)*?\r\n\r\n/.test(text.slice(from)) && !/: 8\r\n\r\n.{0,7}$/.test(text),
    );
    if (caller.text.slice(from).startsWith('HTTP/1.1 599')) hit.push(n);
  }
  for (const n of hit) expect(upstream.received()).not.toContain(`GET /${n} `);
  expect(link.exchanges.map((e) => e.applied?.length ?? 0)).toEqual(Array.from({ length: requests }, (_, n) => (hit.includes(n) ? 1 : 0)));
  return hit;
}

describe('a percentage on a live keep-alive connection', () => {
  it('picks the same requests for the same seed, and others for another', async () => {
    const [one, two, other] = [
      await victims({ percentage: 30, seed: 7 }),
      await victims({ percentage: 30, seed: 7 }),
      await victims({ percentage: 30, seed: 8 }),
    ];
    expect(one).toEqual(two);
    expect(one).not.toEqual(other);
    expect(one.length).toBeGreaterThan(5);
    expect(one.length).toBeLessThan(35);
  });

  it('holds the smaller cohort within the larger', async () => {
    const [small, large] = [await victims({ percentage: 10, seed: 3 }), await victims({ percentage: 40, seed: 3 })];
    expect(large).toEqual(expect.arrayContaining(small));
    expect(large.length).toBeGreaterThan(small.length);
  });

  it('of 0 spares all, of 100 hits all', async () => {
    expect(await victims({ percentage: 0 }, { requests: 10 })).toEqual([]);
    expect(await victims({}, { requests: 10 })).toHaveLength(10);
  });

  it('keyed by connection hits all or none of a connection', async () => {
    const hit = await victims({ percentage: 50, keyBy: 'connection', seed: 1 }, { requests: 32, connections: 8 });
    const perConnection = Array.from({ length: 8 }, (_, c) => hit.filter((n) => n % 8 === c).length);
    expect(new Set(perConnection)).toEqual(new Set([0, 4]));
  });

  it('keyed by a header hits all or none of its values', async () => {
    const fields = (n: number) => ({ 'x-user': `user-${n % 10}` });
    const hit = await victims({ percentage: 50, keyBy: 'header:X-User', seed: 2 }, { requests: 40, fields });
    const perUser = Array.from({ length: 10 }, (_, user) => hit.filter((n) => n % 10 === user).length);
    expect(new Set(perUser)).toEqual(new Set([0, 4]));
  });
});

describe('a place in the count', () => {
  it('picks the same messages of a live connection every time', async () => {
    expect(await victims({ first: 3 }, { requests: 8 })).toEqual([0, 1, 2]);
    expect(await victims({ nth: 2 }, { requests: 8, connections: 2 })).toEqual([1]);
    expect(await victims({ every: 3 }, { requests: 8 })).toEqual([2, 5]);
    expect(await victims({ nth: 2, keyBy: 'connection' }, { requests: 8, connections: 2 })).toEqual([2, 3]);
  });
});

describe('maxActive', () => {
  it('delays so many at a time, lets the others by, and makes room when an answer is whole', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const fault = activeFault({ type: 'delay', value: { delay: '300ms' }, maxActive: 1 });
    link.proxy.setFaults([fault]);
    const [slow, other] = [new Transcript(link.dial()), new Transcript(link.dial())];
    slow.socket.write(get('/slow'));
    await expect.poll(() => fault.counts.applied).toBe(1);
    other.socket.write(get('/by'));
    await other.includes('answer');
    expect(slow.text).toBe('');
    await slow.includes('answer');
    await expect.poll(() => link.exchanges.length).toBe(2);
    other.socket.write(get('/next'));
    await other.until('a second answer', (text) => text.split('HTTP/1.1').length === 3);
    expect(fault.counts).toMatchObject({ matched: 3, applied: 2, skipped: 0, overflow: 1 });
    expect(link.exchanges.map((e) => [e.path, e.applied ?? []])).toEqual([
      ['/by', []],
      ['/slow', ['delay']],
      ['/next', ['delay']],
    ]);
  });

  it('gives the room back when a caller goes away while it is held', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const fault = activeFault({ type: 'delay', value: { delay: '1h' }, maxActive: 1 });
    link.proxy.setFaults([fault]);
    const held = link.dial();
    held.write(get('/held'));
    await expect.poll(() => fault.counts.applied).toBe(1);
    held.resetAndDestroy();
    await expect.poll(() => link.exchanges.length).toBe(1);
    link.dial().write(get('/next'));
    await expect.poll(() => fault.counts.applied).toBe(2);
  });
});

describe('match and exclude', () => {
  it('choose by method, path, header and user agent; exclude has the last word', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const fault = activeFault({
      type: 'abort',
      match: { method: ['get', 'POST'], path: '/stock*', headers: { 'X-Tier': 'gold*' } },
      exclude: { path: '/stock/*', userAgent: 'kube-probe/*' },
    });
    link.proxy.setFaults([fault]);
    const caller = new Transcript(link.dial());
    const gold = { 'x-tier': 'golden' };
    const requests = [
      get('/stock/1?x=/health', gold),
      get('/stock/1'),
      get('/other', gold),
      get('/stock/1', { ...gold, 'User-Agent': 'kube-probe/1.27' }),
      get('/stock/2', gold).replace('GET', 'DELETE'),
      get('http://b/stock/3', gold),
    ];
    caller.socket.write(requests.join(''));
    await caller.until('all answers', (text) => text.split('HTTP/1.1').length === 7);
    expect(link.exchanges.map((e) => e.status)).toEqual([503, 200, 200, 200, 200, 503]);
    expect(link.exchanges.map((e) => e.matched)).toEqual([['abort'], undefined, undefined, undefined, undefined, ['abort']]);
    expect(fault.counts).toMatchObject({ matched: 2, applied: 2, skipped: 0, overflow: 0 });
  });

  it('choose responses by their status, and requests by their query', async () => {
    await using upstream = await serve((socket) =>
      socket.on('data', (bytes) => socket.write(`HTTP/1.1 ${/\/(\d+)/.exec(String(bytes))?.[1]} X\r\nContent-Length: 0\r\n\r\n`)),
    );
    await using link = await httpProxyTo(upstream.port);
    const fault = activeFault({
      type: 'abort',
      direction: 'down',
      match: { status: [404, '5xx'], query: { debug: '1*' } },
      exclude: { status: 599 },
    });
    link.proxy.setFaults([fault]);
    const caller = new Transcript(link.dial());
    for (const [n, target] of ['/200?debug=1', '/404?debug=17', '/500', '/502?x=&debug=1', '/599?debug=1'].entries()) {
      caller.socket.write(get(target));
      await caller.until('an answer', (text) => text.split('HTTP/1.1').length === n + 2);
    }
    expect(link.exchanges.map((e) => e.status)).toEqual([200, 503, 500, 503, 599]);
    expect(fault.counts).toMatchObject({ matched: 2, applied: 2, skipped: 0, overflow: 0 });
  });

  it('leave connections alone that are not of the age that was asked for', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    const old = new Transcript(link.dial());
    old.socket.write(get());
    await old.includes('answer 1');
    link.proxy.setFaults([activeFault({ type: 'abort', connections: 'new' })]);
    const young = new Transcript(link.dial());
    young.socket.write(get());
    old.socket.write(get());
    await Promise.all([old.includes('answer 2'), young.includes('503')]);
  });
});
