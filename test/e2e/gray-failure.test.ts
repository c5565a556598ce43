/**
 * The shipped game day on real processes: with every defence on it passes, and with one off it fails and says which. Each variant is the known-bad
 * subject of one check; together they are the negative control of the pass. Two at a time run side by side, for they mostly
 * wait.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Faultlab, Scratch } from './faultlab.js';

const EXPERIMENT = 'experiments/gray-failure.yaml';
/** A run lasts 75 s and more. */
const RUN_TIMEOUT_MS = 180_000;

interface JsonReport {
  verdict: string;
  exit: { code: number };
  findings: { name: string; verdict: string; summary: string; evidence: unknown[] }[];
}

async function runShop(...variables: string[]) {
  await using scratch = await Scratch.create();
  const args = ['run', EXPERIMENT, '--out', scratch.path, ...variables.flatMap((v) => ['--var', v])];
  await using process = new Faultlab(args);
  const { code, stdout, stderr } = await process.finished;
  const path = /report: (\S+)\.json/.exec(stdout)?.[1];
  if (path === undefined) throw new Error(`no report:\n${stdout}\n${stderr}`);
  const report = JSON.parse(await readFile(`${path}.json`, 'utf8')) as JsonReport;
  const finding = (name: string) => report.findings.find((f) => f.name === name);
  return { code, stdout, report, finding, html: await readFile(`${path}.html`, 'utf8') };
}

/** Of the default 150/s: enough where nobody has to be ejected, which takes three errors in a row, and with them many requests to one host. */
const LOWER_RATE = 'rate=80/s';

describe('the gray-failure game day', () => {
  it.concurrent(
    'passes while the shop defends itself, and its page stands on its own',
    async () => {
      const { code, report, stdout, html } = await runShop();
      expect(report.findings.filter((f) => f.verdict !== 'pass')).toEqual([]);
      expect([code, report.verdict, report.findings.length]).toEqual([0, 'pass', 8]);
      expect(stdout).toContain('healing confirmed');
      expect(html).toContain('<svg');
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(html).not.toMatch(/url\((?!["']?(data:|#))/);
    },
    RUN_TIMEOUT_MS,
  );

  it.concurrent(
    'injects nothing without traffic, because nothing could be told from it',
    async () => {
      const { code, report, stdout } = await runShop('rate=0/s');
      expect([code, report.verdict]).toEqual([3, 'inconclusive']);
      expect(stdout).not.toContain('fault on:');
    },
    RUN_TIMEOUT_MS,
  );
});

describe('the gray-failure game day without a defence', () => {
  it.concurrent(
    'fails without ejection, and names the hosts that were never ejected, with evidence',
    async () => {
      const { code, finding } = await runShop('ejection=off', LOWER_RATE);
      expect(code).toBe(1);
      const gray = finding('the-gray-host-is-ejected');
      expect(gray).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('inventory-3 was never ejected') });
      expect(gray?.evidence.length).toBeGreaterThan(0);
      expect(finding('the-cut-host-is-ejected')).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('inventory-5') });
      expect(finding('the-breaker-opens-and-closes')?.verdict).toBe('pass');
    },
    RUN_TIMEOUT_MS,
  );

  it.concurrent(
    'fails without the breaker, and leaves the other promises kept',
    async () => {
      const { code, finding } = await runShop('breaker=off');
      expect(code).toBe(1);
      expect(finding('the-breaker-opens-and-closes')).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('never opened') });
      expect(finding('the-gray-host-is-ejected')?.verdict).toBe('pass');
      expect(finding('the-cut-host-is-ejected')?.verdict).toBe('pass');
    },
    RUN_TIMEOUT_MS,
  );
});
