/**
 * Thousands of requests while every HTTP fault comes and goes at random: whatever they do to those that they hit, a request that none of them hit has
 * its own answer, whole, and the callee has had it once.
 */
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import { faults } from '../../../src/dataplane/faults/catalog.js';
import type { Direction, HttpFault } from '../../../src/dataplane/faults/fault.js';
import { type HttpProxyUnderTest, httpProxyTo } from '../../support/http.js';
import { type Caller, type Heard, nodeServer, type Said, undiciCaller } from '../../support/http-peers.js';
import { seed } from '../../support/seed.js';
import { activeFault, untilEmpty } from '../../support/tcp.js';

const REQUESTS = 10_000;
const CALLERS = 32;
const TOGGLED_EVERY = 40;
/** How long a caller waits for an answer: only a fault that says nothing may take so long. */
const PATIENCE_MS = 20_000;
/** Share of the faults that are on at a time, and of the requests that each of them hits. */
const ON_SHARE = 0.3;
const PERCENTAGE = 4;

/** Where the example in the catalog is meant for people, who have more time. */
const QUICK: Readonly<Record<string, unknown>> = {
  delay: { delay: '5ms', jitter: '5ms' },
  hold: { limit: '20ms' },
  reorder: { wait: '20ms' },
  duplicate: { copies: 2, delay: '5ms' },
  stale: {},
  throttle: { rate: '1MB/s' },
  drip: { size: '1KiB', interval: '1ms' },
  responseLoss: { ending: 'close' },
};

interface Request {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

/** The callee's answer to a request, from nothing but the request. */
function answerTo({ method, url, body }: Pick<Heard, 'method' | 'url' | 'body'>): string {
  return JSON.stringify({ method, url, length: body.length, exp: 1_795_265_736, padding: 'x'.repeat((url.length * 977) % 5_000) });
}

function requestOf(n: number): Request {
  const method = ['GET', 'POST', 'PUT'][n % 3] as string;
  const headers = { 'content-type': 'application/json', 'x-client': `client ${n % CALLERS}`, 'x-fault-abort': n % 7 === 0 ? '503' : '' };
  return {
    path: `/r/${n}`,
    method,
    headers,
    body: method === 'GET' ? null : JSON.stringify({ n, padding: 'y'.repeat((n * 613) % 3_000) }),
  };
}

function isWhole(said: Said | undefined, { method, path, body }: Request): boolean {
  return said?.status === 200 && said.body === answerTo({ method, url: path, body: body ?? '' });
}

/** A random choice of the catalog's faults, each in a direction that it acts in. */
function choose(catalog: readonly HttpFault[], { random, round }: { random: () => number; round: number }): ActiveFault[] {
  return catalog
    .filter(() => random() < ON_SHARE)
    .map(({ name, example, phases = ['up', 'down'], schema, misfit }) => {
      const value = QUICK[name] ?? example;
      const ways = phases.filter((way: Direction) => misfit?.(schema.parse(value), way) === undefined);
      const direction = ways[Math.floor(random() * ways.length)] ?? 'down';
      return activeFault({
        type: name,
        id: `${name} ${round}`,
        value,
        direction,
        percentage: PERCENTAGE,
        seed: Math.floor(random() * 1e9),
      });
    });
}

interface Churned {
  /** What callers got, by path; undefined: no answer. */
  said: ReadonlyMap<string, Said | undefined>;
  /** Names of the faults that were applied to the request of that path. */
  applied: ReadonlyMap<string, readonly string[]>;
}

async function churn(
  link: HttpProxyUnderTest,
  { toggle, requests }: { toggle: (round: number) => void; requests: number },
): Promise<Churned> {
  const said = new Map<string, Said | undefined>();
  let next = 0;
  const work = async (caller: Caller): Promise<void> => {
    while (next < requests) {
      if (next % TOGGLED_EVERY === 0) toggle(next / TOGGLED_EVERY);
      const request = requestOf(next++);
      const { path, ...options } = request;
      said.set(path, await caller.ask(path, { ...options, waitMsMax: PATIENCE_MS } as never).catch(() => undefined));
    }
  };
  const callers = Array.from({ length: CALLERS }, () => undiciCaller(link.port));
  await Promise.all(callers.map(work));
  await Promise.all(callers.map((caller) => caller[Symbol.asyncDispose]()));
  await untilEmpty(link);
  const applied = new Map<string, string[]>();
  for (const { path, applied: ids = [] } of link.exchanges)
    applied.set(path, [...(applied.get(path) ?? []), ...ids.map((id) => id.split(' ')[0] as string)]);
  return { said, applied };
}

/** Paths of the requests that no fault hit and that were lost all the same: no answer, another answer, or not told to the callee exactly once. */
function lost({ said, applied }: Churned, heard: readonly Heard[], requests: number): string[] {
  const times = new Map<string, number>();
  for (const { url } of heard) times.set(url, (times.get(url) ?? 0) + 1);
  return Array.from({ length: requests }, (_, n) => requestOf(n))
    .filter(({ path }) => (applied.get(path) ?? []).length === 0)
    .filter((request) => !isWhole(said.get(request.path), request) || times.get(request.path) !== 1)
    .map(({ path }) => `${path}: ${said.get(path)?.status}, heard ${times.get(path) ?? 0} times`);
}

describe('faults that come and go', () => {
  const catalog = faults.all.filter((fault): fault is HttpFault => fault.protocol === 'http');
  const answering = () => nodeServer((heard, response) => response.setHeader('content-type', 'application/json').end(answerTo(heard)));

  it(`lose none of ${REQUESTS} requests but those that they hit`, { timeout: 300_000 }, async () => {
    console.log(`churn: seed ${seed}`);
    const random = drawStream(keyedDraw({ seed, faultId: 'churn' }), 'toggles');
    await using server = await answering();
    await using link = await httpProxyTo(server.port);
    const toggle = (round: number) => link.proxy.setFaults(choose(catalog, { random, round }));
    const churned = await churn(link, { toggle, requests: REQUESTS });
    expect(lost(churned, server.heard, REQUESTS), `seed ${seed}`).toEqual([]);
    const hit = [...churned.applied.values()].filter((names) => names.length > 0).length;
    expect(hit).toBeGreaterThan(REQUESTS / 20);
    expect(hit).toBeLessThan(REQUESTS / 2);
    const idle = catalog.filter(({ name }) => ![...churned.applied.values()].some((names) => names.includes(name))).map(({ name }) => name);
    // No request is sent twice here, so there is no older answer to give.
    expect(idle, 'faults that hit nothing show nothing').toEqual(['stale']);
  });

  it('would be caught losing one', async () => {
    await using server = await answering();
    await using link = await httpProxyTo(server.port);
    const churned = await churn(link, {
      requests: 200,
      toggle: () => link.proxy.setFaults([activeFault({ type: 'patch', value: { status: 201 }, percentage: 10 })]),
    });
    expect(lost(churned, server.heard, 200)).toEqual([]);
    expect(lost({ ...churned, applied: new Map() }, server.heard, 200).length).toBeGreaterThan(3);
    expect(lost(churned, server.heard.slice(1), 200)).toHaveLength(1);
  });
});
