/**
 * The worked game days on real processes. With every defence on they pass, warnings written down; with defences off each broken promise is found and
 * says by what, and the others are kept: that is the negative control of the pass. Good and bad run side by side, for they mostly wait.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Faultlab, Scratch } from './faultlab.js';

const PAYMENTS = 'experiments/payments-gray-failure.yaml';
const ORDERS = 'experiments/orders-leader-partition.yaml';
/** A run lasts 75 s and more. */
const RUN_TIMEOUT_MS = 240_000;

interface JsonReport {
  exit: { code: number };
  findings: { name: string; severity: string; verdict: string; summary: string; evidence: unknown[] }[];
}

async function runGameDay(file: string, ...variables: string[]) {
  await using scratch = await Scratch.create();
  await using process = new Faultlab(['run', file, '--yes', '--out', scratch.path, ...variables.flatMap((v) => ['--var', v])]);
  const { code, stdout, stderr } = await process.finished;
  const path = /report: (\S+\.json)/.exec(stdout)?.[1];
  if (path === undefined) throw new Error(`no report:\n${stdout}\n${stderr}`);
  const { findings } = JSON.parse(await readFile(path, 'utf8')) as JsonReport;
  const finding = (name: string) => findings.find((f) => f.name === name);
  const broken = findings.filter(({ severity, verdict }) => severity === 'fail' && verdict !== 'pass');
  return { code, stdout, findings, finding, broken };
}

describe('the payments game day', () => {
  it.concurrent(
    'passes, and writes down what nobody saw',
    async () => {
      const { code, broken, finding, stdout } = await runGameDay(PAYMENTS);
      expect([broken, code]).toEqual([[], 0]);
      expect(finding('slow-host-is-seen')).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('pay-3 was never ejected') });
      expect(finding('health-check-blindness')).toMatchObject({
        verdict: 'fail',
        summary: expect.stringContaining('health checks of it succeeded'),
      });
      expect(stdout).toContain('healing confirmed');
    },
    RUN_TIMEOUT_MS,
  );

  it.concurrent(
    'fails without ejection and without restraint, by what crossed the wire',
    async () => {
      const { code, broken, finding } = await runGameDay(PAYMENTS, 'ejection=off', 'restraint=off');
      expect(code).toBe(1);
      expect(broken.map(({ name }) => name)).toEqual(expect.arrayContaining(['ejects-the-right-host', 'no-retry-storm']));
      expect(finding('ejects-the-right-host')).toMatchObject({
        verdict: 'fail',
        summary: expect.stringContaining('pay-3 was never ejected'),
      });
      expect(finding('no-retry-storm')).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('came sooner than after 20ms') });
      expect(broken.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});

describe('the orders game day', () => {
  it.concurrent(
    'passes: somebody else leads, the old leader is fenced off, and nothing is done twice',
    async () => {
      const { code, broken, finding, stdout } = await runGameDay(ORDERS);
      expect([broken, code]).toEqual([[], 0]);
      expect(finding('no-stale-writes')?.summary).toContain('store accepted none of 3 stale writes');
      expect(stdout).toContain('healing confirmed');
    },
    RUN_TIMEOUT_MS,
  );

  it.concurrent(
    'fails without fence, idempotency and breaker, each by its own promise',
    async () => {
      const { code, broken, finding } = await runGameDay(ORDERS, 'fencing=off', 'idempotency=off', 'breaker=off');
      expect(code).toBe(1);
      expect(broken.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['no-stale-writes', 'no-double-apply', 'breaker-opens-and-recovers']),
      );
      expect(finding('no-stale-writes')?.summary).toMatch(/store accepted \d of \d stale writes/);
      expect(finding('breaker-opens-and-recovers')?.summary).toContain('never opened');
      expect(broken.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});
