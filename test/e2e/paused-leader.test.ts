/** The leader that stands still, on real processes: with a fence its late writes are refused, without one they are accepted and named. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Faultlab, Scratch } from './faultlab.js';

const RUN_TIMEOUT_MS = 180_000;

interface JsonReport {
  findings: { name: string; verdict: string; summary: string }[];
}

async function run(fencing: 'on' | 'off') {
  await using scratch = await Scratch.create();
  await using process = new Faultlab(['run', 'experiments/paused-leader.yaml', '--out', scratch.path, '--var', `fencing=${fencing}`]);
  const { code, stdout, stderr } = await process.finished;
  const path = /report: (\S+\.json)/.exec(stdout)?.[1];
  if (path === undefined) throw new Error(`no report:\n${stdout}\n${stderr}`);
  const { findings } = JSON.parse(await readFile(path, 'utf8')) as JsonReport;
  return { code, findings, broken: findings.filter(({ verdict }) => verdict === 'fail') };
}

describe('a leader that stands still and wakes up', () => {
  it.concurrent('writes nothing more where there is a fence', { timeout: RUN_TIMEOUT_MS }, async () => {
    const { code, broken, findings } = await run('on');
    // How many requests succeed while one of five stands still is a matter of the machine, too: that promise may stay undecided.
    expect([[0, 2].includes(code ?? -1), broken]).toEqual([true, []]);
    expect(findings.find(({ name }) => name === 'no-stale-writes')).toMatchObject({ verdict: 'pass' });
  });

  it.concurrent('is found to have written where there is none', { timeout: RUN_TIMEOUT_MS }, async () => {
    const { code, broken } = await run('off');
    expect([code, broken]).toMatchObject([
      1,
      [{ name: 'no-stale-writes', summary: expect.stringMatching(/accepted (\d+) of \1 stale writes/) }],
    ]);
  });
});
