/** What every HTTP fault promises, whatever it does; faults that break a promise are found out. And what the link does with their decisions. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { faults } from '../../src/dataplane/faults/catalog.js';
import { defineHttpFault, type HttpDecision, type HttpFault, type HttpFaultContext } from '../../src/dataplane/faults/fault.js';
import { type ParsedRequest, parseRequestHead } from '../../src/dataplane/http/request-head.js';
import { ParsedResponse, parseResponseHead } from '../../src/dataplane/http/response-head.js';
import { countingUpstream, get, httpProxyTo, Transcript } from '../support/http.js';
import { activeFault } from '../support/tcp.js';

const SEEDS = 200;
const request = parseRequestHead(get('/a', { 'user-agent': 'test' })) as ParsedRequest;
const response = parseResponseHead('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'GET') as ParsedResponse;

/** Decisions on 200 requests and 200 responses, each with draws of its own seed. */
function decisions(fault: HttpFault): HttpDecision[] {
  const params = fault.schema.parse(fault.example);
  return Array.from({ length: SEEDS }, (_, seed) => {
    const random = drawStream(keyedDraw({ seed, faultId: 'conformance' }), 'key');
    const base: HttpFaultContext = seed % 2 === 0 ? { request, random } : { request, response, random };
    return fault.decide(params, Object.freeze(base));
  });
}

function problemOf(decision: HttpDecision): string | undefined {
  switch (decision.kind) {
    case 'continue':
    case 'reset':
      return undefined;
    case 'delay':
      return Number.isFinite(decision.delayMs) && decision.delayMs >= 0 ? undefined : `a delay of ${decision.delayMs}`;
    case 'reply': {
      if (!Number.isInteger(decision.status) || decision.status < 200 || decision.status > 599) return `status ${decision.status}`;
      const fields = Object.entries(decision.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      if (fields.some((field) => /[\r\n]/.test(field.slice(0, -2)))) return `headers that break lines: ${fields.join('')}`;
      const text = `HTTP/1.1 200 OK\r\n${fields.join('')}\r\n`;
      const head = parseResponseHead(text, 'GET');
      return head instanceof ParsedResponse && head.framing === 'untilClose' ? undefined : `headers that frame: ${text}`;
    }
  }
}

/** Each returns what is wrong, or undefined. */
const contracts: readonly { title: string; breach: (fault: HttpFault) => string | undefined }[] = [
  { title: 'decides only what the link can do', breach: (fault) => decisions(fault).map(problemOf).find(Boolean) },
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
    expect(fault.counts).toEqual({ matched: 2, applied: 2, skipped: 0 });
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
