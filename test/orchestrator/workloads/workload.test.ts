// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of a plan look like this
/** The load generator as a process, against servers of the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import type { Exchange } from '../../../src/journal/observations.js';
import type { LoadConfigInput } from '../../../src/orchestrator/workloads/load-protocol.js';
import { LoadGenerator } from '../../../src/orchestrator/workloads/workload.js';
import { built } from '../../support/built.js';

interface Subject extends Disposable {
  readonly address: string;
  readonly requests: { url: string; method: string; id: string; body: string }[];
}

async function startSubject(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<Subject> {
  const requests: Subject['requests'] = [];
  const server = createServer((request, response) => {
    const seen = { url: request.url ?? '', method: request.method ?? '', id: String(request.headers['x-request-id']), body: '' };
    requests.push(seen);
    request.setEncoding('utf8').on('data', (text) => {
      seen.body += text;
    });
    answer(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Part = Partial<Omit<LoadConfigInput, 'scenarios'>> & Partial<LoadConfigInput['scenarios'][number]> & { ratePerSecond?: number };

/** One scenario, open unless its model says otherwise. */
function config(address: string, part: Part = {}): LoadConfigInput {
  const { ratePerSecond = 100, targets, requests, model, name, data, ...rest } = part;
  return {
    seed: 20261,
    warmUpMs: 0,
    // On a machine that stalls a second is nothing; who tests time-outs says so.
    timeoutMs: 15_000,
    connectionsMax: 500,
    scenarios: [
      {
        name: name ?? 'load',
        targets: targets ?? [{ instance: 'gateway-1', address }],
        model: model ?? { name: 'open', params: { rate: ratePerSecond, stages: [] } },
        ...(data && { data }),
        requests: requests ?? [
          { name: 'stock', weight: 2, method: 'GET', path: '/stock/${key}', headers: {} },
          { name: 'pay', weight: 1, method: 'POST', path: '/pay/${key}', headers: {}, body: '{"seq": ${seq}}' },
        ],
      },
    ],
    ...rest,
  };
}

/** A busy machine takes seconds to start a program. */
const FIRST_WITHIN_MS = 30_000;

const argv = (): [string, string] => [process.execPath, built('orchestrator/workloads/load-process.js')];

async function startLoad(part: LoadConfigInput, options: { signal?: AbortSignal; argv?: [string, ...string[]] } = {}) {
  const exchanges: Exchange[] = [];
  const generator = await LoadGenerator.start({ config: part, onExchanges: (batch) => exchanges.push(...batch), argv: argv(), ...options });
  return { generator, exchanges, [Symbol.asyncDispose]: () => generator[Symbol.asyncDispose]() };
}

/** Waits for the first exchange, lets the load run for `ms`, and stops it. */
async function runLoad(part: LoadConfigInput, ms: number) {
  await using load = await startLoad(part);
  const startedMs = hostClock.nowMs();
  await vi.waitFor(() => expect(load.exchanges.length).toBeGreaterThan(0), FIRST_WITHIN_MS);
  await sleep(hostClock, ms);
  const summary = await load.generator.stop();
  return { summary, exchanges: load.exchanges, startedMs };
}

describe('load generator', () => {
  it('keeps its rate', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address, { ratePerSecond: 200 }));
    await vi.waitFor(() => expect(subject.requests.length).toBeGreaterThan(0), FIRST_WITHIN_MS);
    const measure = async (): Promise<number> => {
      const [countBefore, fromMs] = [subject.requests.length, hostClock.nowMs()];
      await sleep(hostClock, 1_000);
      return ((subject.requests.length - countBefore) * 1_000) / (hostClock.nowMs() - fromMs);
    };
    // A stall at either end of a second takes from one and gives to the next: a generator at another rate is wrong in all of them.
    const isKept = (perSecond: number): boolean => perSecond > 180 && perSecond < 220;
    const rates = [await measure()];
    while (!rates.some(isKept) && rates.length < 5) rates.push(await measure());
    expect(rates.some(isKept), rates.join(', ')).toBe(true);
    expect((await load.generator.stop()).answered).toBe(subject.requests.length);
  });

  it('reports each request once, and its figures agree with what the server saw', async () => {
    using subject = await startSubject((response) => void wait(20).then(() => response.end('four')));
    const { summary, exchanges, startedMs } = await runLoad(config(subject.address), 500);
    expect(summary).toMatchObject({ sent: exchanges.length, answered: exchanges.length, failed: 0, notSent: 0, lost: 0, notes: [] });
    expect(subject.requests).toHaveLength(exchanges.length);
    expect(summary.percentilesMs['p50']).toBeGreaterThan(19);
    expect(summary.percentilesMs['p50']).toBeLessThan(300);
    expect(exchanges.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(exchanges.map((_, i) => i + 1));
    for (const exchange of exchanges) {
      expect(exchange).toMatchObject({
        kind: 'exchange',
        link: 'load->gateway-1',
        from: 'load',
        to: 'gateway-1',
        status: 200,
        bytesDown: 4,
      });
      expect(exchange.startMs, 'one clock for both processes').toBeGreaterThan(startedMs);
      expect(exchange.responseStartMs).toBeGreaterThan(exchange.startMs);
      expect(exchange.endMs).toBeGreaterThanOrEqual(exchange.responseStartMs ?? Number.NaN);
    }
  });

  it('sends a key that is unique in path and request id, and mixes its routes', async () => {
    using subject = await startSubject((response) => response.end());
    const { exchanges } = await runLoad(config(subject.address, { ratePerSecond: 400 }), 500);
    expect(new Set(exchanges.map(({ token }) => token)).size).toBe(exchanges.length);
    expect(new Set(subject.requests.map(({ id }) => id))).toEqual(new Set(exchanges.map(({ token }) => token)));
    expect(subject.requests.every(({ url, id }) => url.endsWith(`/${id}`))).toBe(true);
    const paid = subject.requests.filter(({ method }) => method === 'POST');
    expect(paid.length).toBeGreaterThan(exchanges.length * 0.2);
    expect(paid.length).toBeLessThan(exchanges.length * 0.5);
    expect(paid.every(({ body }) => /^\{"seq": \d+\}$/.test(body))).toBe(true);
    expect(new Set(exchanges.map(({ route }) => route))).toEqual(new Set(['stock', 'pay']));
  });

  it('goes on sending while the server stalls, and counts the waiting', async () => {
    using subject = await startSubject(() => {});
    await using load = await startLoad(config(subject.address, { ratePerSecond: 200, timeoutMs: 700 }));
    await vi.waitFor(() => expect(load.exchanges.length).toBeGreaterThan(0), FIRST_WITHIN_MS);
    await sleep(hostClock, 900);
    // None was ever answered, and still they came: a closed loop would have stuck at its number of connections.
    expect(subject.requests.length).toBeGreaterThan(200);
    const summary = await load.generator.stop();
    expect(summary).toMatchObject({ answered: 0, failed: summary.sent });
    expect(new Set(load.exchanges.map(({ end }) => end))).toEqual(new Set(['timeout']));
    expect(Math.min(...load.exchanges.map(({ startMs, endMs }) => endMs - startMs))).toBeGreaterThanOrEqual(700);
    expect(summary.percentilesMs['p50']).toBeGreaterThanOrEqual(699);
  });

  it('counts the time that a request waits for a connection', async () => {
    using subject = await startSubject((response) => void wait(50).then(() => response.end()));
    const { summary } = await runLoad(config(subject.address, { connectionsMax: 1, ratePerSecond: 60, timeoutMs: 15_000 }), 800);
    // One connection carries 20 requests a second; each further one waits longer than the one before, on a stalled machine for seconds.
    expect(summary.percentilesMs['max']).toBeGreaterThan(500);
    expect(summary.answered).toBe(summary.sent);
  });

  it('records a request as timed out that is due when too many are in flight', async () => {
    using subject = await startSubject(() => {});
    const { summary, exchanges } = await runLoad(config(subject.address, { inFlightMax: 10, timeoutMs: 600 }), 100);
    expect(subject.requests.length).toBeLessThan(exchanges.length);
    expect(summary.notSent).toBeGreaterThan(0);
    expect(summary.notes).toEqual([expect.stringMatching(/not sent/)]);
    expect(summary.failed).toBe(exchanges.length);
  });

  it('says how requests ended that were refused or cut', async () => {
    using subject = await startSubject((response, { url }) =>
      url?.startsWith('/pay') ? response.destroy() : response.writeHead(503).end(),
    );
    const { exchanges } = await runLoad(config(subject.address), 500);
    for (const { route, end, status } of exchanges) {
      if (route === 'stock') expect({ end, status }).toEqual({ end: 'complete', status: 503 });
      else expect(['upstreamClosed', 'upstreamReset']).toContain(end);
    }
    const gone = subject.address;
    subject[Symbol.dispose]();
    expect(new Set((await runLoad(config(gone), 300)).exchanges.map(({ end }) => end))).toEqual(new Set(['connectFailed']));
  });

  it('lets several targets take turns', async () => {
    using one = await startSubject((response) => response.end());
    using two = await startSubject((response) => response.end());
    const targets = [one, two].map(({ address }, i) => ({ instance: `gateway-${i + 1}`, address }));
    const { exchanges } = await runLoad(config(one.address, { targets }), 400);
    expect(Math.abs(one.requests.length - two.requests.length)).toBeLessThanOrEqual(1);
    expect(exchanges.filter(({ to }) => to === 'gateway-2')).toHaveLength(two.requests.length);
  });

  it('sends nothing at a rate of 0, and says so', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address, { ratePerSecond: 0 }));
    await sleep(hostClock, 500);
    expect(await load.generator.stop()).toMatchObject({ sent: 0, notes: ['no request fell due'], percentilesMs: {} });
    expect(subject.requests).toEqual([]);
  });

  it('pauses, goes on at another rate, and does not make up for what it missed', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address, { ratePerSecond: 100 }));
    await vi.waitFor(() => expect(load.exchanges.length).toBeGreaterThan(0), FIRST_WITHIN_MS);
    load.generator.pause();
    await sleep(hostClock, 300);
    const countBefore = subject.requests.length;
    await sleep(hostClock, 600);
    expect(subject.requests).toHaveLength(countBefore);
    load.generator.setLevel(20);
    load.generator.resume('another scenario');
    const resumedMs = hostClock.nowMs();
    load.generator.resume();
    await sleep(hostClock, 700);
    const { sent, lateMsMax } = await load.generator.stop();
    const atRate = ((hostClock.nowMs() - resumedMs) * 20) / 1_000;
    expect(sent - countBefore).toBeGreaterThan(5);
    expect(sent - countBefore).toBeLessThan(atRate + 11);
    expect(lateMsMax).toBeLessThan(600);
  });

  it('has no more requests under way than users in the closed model, however slow the answers are', async () => {
    let [open, most] = [0, 0];
    using subject = await startSubject((response) => {
      most = Math.max(most, ++open);
      void wait(60).then(() => {
        open -= 1;
        response.end();
      });
    });
    const { summary } = await runLoad(
      config(subject.address, { model: { name: 'closed', params: { users: 4, think: 0, stages: [] } } }),
      800,
    );
    expect(most).toBe(4);
    expect(summary).toMatchObject({ failed: 0, notSent: 0 });
    expect(summary.sent).toBeLessThan(4 * 20);
  });

  it('judges answers by what it expects of them, and counts', async () => {
    using subject = await startSubject((response, { url }) => response.end(url?.startsWith('/pay') ? '{"ok": false}' : '{"ok": true}'));
    const expect200 = { status: 200, body: { jsonpath: '$.ok', expect: true } };
    const requests = ['/stock', '/pay', '/other'].map((path) => ({ name: path.slice(1), weight: 1, method: 'GET', path, headers: {} }));
    const { summary, exchanges } = await runLoad(
      config(subject.address, { requests: requests.map((r) => (r.name === 'other' ? r : { ...r, expect: expect200 })) }),
      400,
    );
    const judgements = (route: string) => new Set(exchanges.filter((e) => e.route === route).map(({ expectation }) => expectation));
    expect([judgements('stock'), judgements('pay'), judgements('other')]).toEqual([
      new Set(['met']),
      new Set(['wrongBody']),
      new Set([undefined]),
    ]);
    const judged = exchanges.filter(({ route }) => route !== 'other');
    expect((summary.expected?.met ?? 0) + (summary.expected?.unmet ?? 0)).toBe(judged.length);
    expect(summary.expected?.unmet).toBe(exchanges.filter(({ route }) => route === 'pay').length);
  });

  it('knows stand-ins by what they say of themselves, in a header or in the body', async () => {
    using subject = await startSubject((response, { url }) => {
      if (url?.startsWith('/pay')) response.setHeader('X-Degraded', 'payments');
      response.end(url?.startsWith('/stock') ? '{"source": "cache"}' : '{"source": "live"}');
    });
    const standIns = {
      stock: { body: { jsonpath: '$.source', expect: 'cache' } },
      pay: { headers: { 'x-degraded': '*' } },
      other: { status: 203 },
    };
    const requests = Object.entries(standIns).map(([name, standIn]) => ({
      name,
      weight: 1,
      method: 'GET',
      path: `/${name}`,
      headers: {},
      standIn,
    }));
    const { exchanges } = await runLoad(config(subject.address, { requests }), 400);
    const known = (route: string) => new Set(exchanges.filter((e) => e.route === route).map(({ isStandIn }) => isStandIn));
    expect([known('stock'), known('pay'), known('other')]).toEqual([new Set([true]), new Set([true]), new Set([undefined])]);
  });

  it('is a WORKLOAD_FAILED before its first request when its rows cannot be read', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address, { data: { file: '/nowhere/users.csv', order: 'sequence' } }));
    await expect(load.generator.ended).rejects.toMatchObject({ message: expect.stringMatching(/rows of \/nowhere\/users\.csv.*ENOENT/) });
    expect(subject.requests).toEqual([]);
  });

  it('ends with its figures on SIGTERM', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address));
    await vi.waitFor(() => expect(load.exchanges.length).toBeGreaterThan(0), FIRST_WITHIN_MS);
    process.kill(load.generator.pid ?? 0, 'SIGTERM');
    expect((await load.generator.ended).sent).toBeGreaterThan(0);
  });
});

describe('load generator that begins', () => {
  it('says so before its first exchange, and waits for nobody who does not want to wait any longer', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address));
    await expect(load.generator.begun(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    await load.generator.begun(new AbortController().signal);
    await vi.waitFor(() => expect(load.exchanges.length).toBeGreaterThan(0), FIRST_WITHIN_MS);
    expect((await load.generator.stop()).sent).toBeGreaterThan(0);
  });

  it('is a WORKLOAD_FAILED when it ends before', async () => {
    await using load = await startLoad(config('127.0.0.1:1', { requests: [] }));
    await expect(load.generator.begun(new AbortController().signal)).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
  });
});

describe('load generator that fails', () => {
  it('is a WORKLOAD_FAILED with its last words when it cannot work', async () => {
    await using load = await startLoad(config('127.0.0.1:1', { requests: [] }));
    await expect(load.generator.ended).rejects.toMatchObject({
      code: 'WORKLOAD_FAILED',
      message: expect.stringMatching(/code 1.*requests/s),
    });
    await expect(load.generator.stop()).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
  });

  it('is a WORKLOAD_FAILED when it is killed', async () => {
    using subject = await startSubject((response) => response.end());
    await using load = await startLoad(config(subject.address));
    process.kill(load.generator.pid ?? 0, 'SIGKILL');
    await expect(load.generator.stop()).rejects.toThrow(/SIGKILL/);
  });

  it('is a WORKLOAD_FAILED when there is no such program', async () => {
    await expect(startLoad(config('127.0.0.1:1'), { argv: ['/nowhere/node'] })).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
  });

  it('is gone when the signal aborts', async () => {
    using subject = await startSubject((response) => response.end());
    const controller = new AbortController();
    await using load = await startLoad(config(subject.address), { signal: controller.signal });
    controller.abort();
    await expect(load.generator.ended).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
  });

  it('never outlives its parent', async () => {
    using subject = await startSubject((response) => response.end());
    // A parent that starts the load and is then killed with SIGKILL.
    const script = `
      const { spawn } = require('node:child_process');
      const [program, file, config] = process.argv.slice(1);
      const child = spawn(program, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.write(config + '\\n');
      child.stdout.once('data', () => console.log(child.pid));
      child.stdout.resume();
    `;
    const parent: ChildProcess = spawn(process.execPath, ['-e', script, '--', ...argv(), JSON.stringify(config(subject.address))]);
    const [pid] = (await once(parent.stdout ?? parent, 'data')).map(Number);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
  });
});

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    // ESRCH: there is no such process any more.
    return false;
  }
}
