/** The benchmark runs, tells what it is meant to tell, and does not take work that was not done for speed. What the figures are is not looked at. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readH2load } from '../bench/load/h2load.mjs';
import { connections } from '../bench/measures/connections.mjs';
import { faultBandwidth } from '../bench/measures/fault-bandwidth.mjs';
import { faultEffect } from '../bench/measures/fault-effect.mjs';
import { faultLatency } from '../bench/measures/fault-latency.mjs';
import { requests } from '../bench/measures/requests.mjs';
import { roundtrip } from '../bench/measures/roundtrip.mjs';
import { throughput8 } from '../bench/measures/throughput-8.mjs';
import { pattern } from '../bench/pattern.mjs';
import { renderPicture } from '../bench/picture.mjs';
import { measureRounds, rotated } from '../bench/rounds.mjs';
import { summarize } from '../bench/summary.mjs';
import { renderResult } from '../bench/table.mjs';

const benchMain = fileURLToPath(new URL('../bench/main.mjs', import.meta.url));
const run = promisify(execFile);
const bench = (...args: string[]) => run(process.execPath, [benchMain, ...args]);

/** A subject that answers everything with this. */
async function subjectThatAnswers(status: number, body: string | Buffer) {
  const server = http.createServer((_request, response) => response.writeHead(status, { 'content-length': body.length }).end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const instance = { routes: { hello: address, bytes: address }, pids: [], end: async () => {} };
  return {
    entrant: { subject: { name: 'known-bad', role: 'peer' }, instance, start: async () => instance },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const lengths = {
  streamMs: 20,
  seconds: 1,
  roundtripMs: 20,
  idleConnections: 10,
  faultMs: 20,
  bandwidthMs: 100,
  injections: 1,
  proxies: 4,
};
const signal = new AbortController().signal;

describe('npm run bench', () => {
  test('tells every figure of the subjects asked for, with ratios to direct', async () => {
    const { stdout } = await bench('--quick', '--rounds', '1', '--only', 'roundtrip', '--subjects', 'direct,faultlab-http', '--json');
    const { header, subjects, metrics } = JSON.parse(stdout);
    expect(header).toMatchObject({ rounds: 1, node: process.versions.node });
    expect(subjects.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
      ['direct', 'measured'],
      ['faultlab-http', 'measured'],
    ]);
    expect(metrics).toHaveLength(roundtrip.metrics.length);
    const row = metrics[0].rows.find(({ subject }: { subject: string }) => subject === 'faultlab-http');
    expect(row).toMatchObject({ state: 'measured', rounds: [expect.any(Number)], ratios: { direct: expect.any(Number) } });
  });

  test('puts faults on subjects that take them, and leaves the others out', { timeout: 90_000 }, async () => {
    const only = 'fault-bandwidth,fault-effect,fault-latency,fault-throughput,proxies';
    const { stdout } = await bench('--quick', '--rounds', '1', '--only', only, '--subjects', 'direct,faultlab-tcp', '--json');
    const { metrics } = JSON.parse(stdout);
    expect(new Set(metrics.map(({ measure }: { measure: string }) => measure))).toEqual(new Set(only.split(',')));
    for (const { rows } of metrics) expect(rows).toMatchObject([{ subject: 'faultlab-tcp', state: 'measured' }]);
    const early = metrics.find(({ title }: { title: string }) => title.startsWith('round trips shorter'));
    expect(early.rows[0].median, 'a delay never ends early').toBe(0);
  });

  test('takes a figure by HTTP/2 only if every answer was a good one', () => {
    const said = (requests: string, codes: string): string =>
      `finished in 1.00s, 4500.00 req/s, 512.00KB/s\nrequests: 4532 total, 4532 started, ${requests}\nstatus codes: ${codes}\n`;
    const done = '4500 done, 4500 succeeded, 0 failed, 0 errored, 0 timeout';
    expect(readH2load(said(done, '4532 2xx, 0 3xx, 0 4xx, 0 5xx'))).toEqual({ count: 4500, rate: 4500 });
    expect(() => readH2load(said('4500 done, 4490 succeeded, 10 failed, 0 errored, 0 timeout', '4490 2xx, 0 3xx, 0 4xx, 0 5xx'))).toThrow(
      '10 failed',
    );
    expect(() => readH2load(said(done, '4490 2xx, 0 3xx, 0 4xx, 10 5xx'))).toThrow('10 5xx');
    expect(() => readH2load('finished in 1.00s, 0.00 req/s')).toThrow('no request was answered');
  });

  test('names what it does not know, and ends with 64', async () => {
    await expect(bench('--only', 'roundtrips')).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--only roundtrips: expected one or more of'),
    });
    await expect(bench('--rounds', '0')).rejects.toMatchObject({ code: 64 });
    await expect(bench('--speed')).rejects.toMatchObject({ code: 64 });
  });

  test('leaves no process behind when it is interrupted', async () => {
    const args = [benchMain, '--only', 'roundtrip', '--subjects', 'direct,faultlab-tcp', '--rounds', '1000'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('round 1 ')) resolve();
      });
    });
    const started = await childrenOf(child.pid as number);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter(isRunning), 'processes that outlived the benchmark').toEqual([]);
  });
});

describe('a subject that does not do the work', () => {
  test.each([
    ['roundtrip', roundtrip],
    ['requests', requests],
    ['connections', connections],
    ['throughput-8', throughput8],
  ])('fails in %s when it answers with 503', async (_name, measure) => {
    await using bad = await subjectThatAnswers(503, 'no');
    const [record] = await measureRounds({ entrants: [bad.entrant], measures: [measure], rounds: 1, lengths, signal, progress: () => {} });
    expect(record?.failure).toMatch(/200|Non-2xx/);
    expect(summarize([record])[0]?.rows).toEqual([{ subject: 'known-bad', state: 'failed', reason: record?.failure }]);
  });

  test('fails in throughput when it sends other bytes than the upstream did', async () => {
    await using bad = await subjectThatAnswers(200, 'x'.repeat(1_000));
    const measures = [throughput8];
    const [record] = await measureRounds({ entrants: [bad.entrant], measures, rounds: 1, lengths, signal, progress: () => {} });
    expect(record?.failure).toMatch(/^wrong bytes/);
  });
});

describe('a subject that only says that it has put a fault on', () => {
  /** It answers well, and has no faults at all. */
  async function liar() {
    const subject = await subjectThatAnswers(200, pattern.subarray(0, 100_000));
    const toxics = { add: async () => async () => {} };
    Object.assign(subject.entrant.instance, { toxics });
    return subject;
  }

  test.each([
    // On a stalled machine even an answer without a fault takes its 20 ms, so not all are early.
    ['early', faultLatency, 1],
    ['error', faultBandwidth, 50],
    ['p99', faultEffect, 50],
  ])('is found out by %s', async (name, measure, atLeast) => {
    await using bad = await liar();
    const [record] = await measureRounds({ entrants: [bad.entrant], measures: [measure], rounds: 1, lengths, signal, progress: () => {} });
    expect(record?.failure).toBeUndefined();
    expect(record?.values[0]?.[name]).toBeGreaterThanOrEqual(atLeast);
  });
});

describe('the picture', () => {
  const machine = { cores: 2, cpu: 'c', memoryGiB: 1, system: 's', loadAverage: '0.0' };
  const header = { date: '2026-01-02T03:04:05Z', node: '20', rounds: 3, machine };
  const row = { state: 'measured', median: 1, min: 1, max: 2 };
  const metric = {
    title: 'speed',
    unit: 'GB/s',
    better: 'more',
    isPictured: true,
    rows: [
      { ...row, subject: 'ours' },
      { ...row, subject: '<b>' },
      { subject: 'broken', state: 'failed', reason: 'it burned' },
    ],
  };
  const subjects = [
    { name: 'ours', role: 'ours' },
    { name: '<b>', role: 'peer' },
  ];

  test('has a bar for each subject that was measured, ours set off, in light and dark', () => {
    const svg = renderPicture({ header, subjects, metrics: [metric] });
    expect(svg.match(/<rect class="(?:ours|peer|base)"/g)).toEqual(['<rect class="ours"', '<rect class="peer"']);
    expect(svg).toContain('&lt;b&gt;');
    expect(svg).not.toMatch(/<b>|<script|burned/);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('faultlab bench of 2026-01-02');
  });

  test('leaves out measures without a place in it, and those with nobody to compare with', () => {
    const alone = { ...metric, rows: metric.rows.slice(0, 1) };
    const svg = renderPicture({ header, subjects, metrics: [{ ...metric, isPictured: false }, alone] });
    expect(svg).not.toContain('class="title"');
  });
});

describe('the summary', () => {
  const measure = { name: 'm', metrics: [{ name: 'v', title: 'M', unit: 's', better: 'less' }] };
  const record = (name: string, role: string, figures: number[], more = {}) => ({
    measure,
    subject: { name, role },
    values: figures.map((v) => ({ v })),
    ...more,
  });
  const records = [
    record('direct', 'base', [1, 2, 4]),
    record('ours', 'ours', [3, 4, 4]),
    record('broken', 'peer', [1], { failure: 'it burned' }),
  ];

  test('takes ratios round by round, so that a slow moment of the machine meets both sides', () => {
    const [metric] = summarize(records);
    expect(metric?.rows.find(({ subject }: { subject: string }) => subject === 'ours')).toMatchObject({
      median: 4,
      min: 3,
      max: 4,
      ratios: { direct: 2 },
    });
  });

  test('compares nothing with a subject that failed', () => {
    const ratios = summarize(records)[0]?.rows.flatMap((row: { ratios?: object }) => Object.keys(row.ratios ?? {}));
    expect(new Set(ratios)).toEqual(new Set(['direct']));
  });

  test('subtracts the direct way of the same round from an added time', () => {
    const added = { ...measure, metrics: [{ name: 'v', title: 'M added', unit: 's', better: 'less', isAdded: true }] };
    const rows = summarize(records.map((r) => ({ ...r, measure: added })))[0]?.rows;
    expect(rows?.map(({ subject, rounds }: { subject: string; rounds?: number[] }) => [subject, rounds])).toEqual([
      ['ours', [2, 2, 0]],
      ['broken', undefined],
    ]);
  });

  test('is shown as a table with a column of ratios for each subject to compare with', () => {
    const machine = { cores: 2, cpu: 'c', memoryGiB: 1, system: 's', loadAverage: '0.0' };
    const header = { date: 'd', node: '20', rounds: 3, load: 'wrk', hello: 'nginx', machine };
    const lines = renderResult({ header, subjects: [], metrics: summarize(records) }).split('\n');
    expect(lines.slice(-5)).toEqual([
      '| subject | median, s |   min–max | ÷ direct |',
      '|---------|----------:|----------:|---------:|',
      '| direct  |      2.00 | 1.00–4.00 |    1.00× |',
      '| ours    |      4.00 | 3.00–4.00 |    2.00× |',
      '| broken  |    failed | it burned |          |',
    ]);
  });

  test('every round begins with another subject', () => {
    expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round)[0])).toEqual(['a', 'b', 'c', 'a']);
  });
});

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
