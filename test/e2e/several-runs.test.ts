/** Several runs by one command: a folder of experiments, and a game day that names some. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultlab, Scratch } from './faultlab.js';
import { smallRun, startBack } from './small-run.js';

const named = (name: string, text: string): string => text.replace('metadata: {name: small}', `metadata: {name: ${name}}`);
const PROMISE = `verify:\n  - {name: nobody-notices, errorRatio: {from: load, to: front, during: failing, max: 1, minDemand: 20}}\n`;
/** Nobody is that well. */
const NEVER_WELL =
  'probes: [{name: well, type: http, mode: start, failureThreshold: 1, target: {to: front}, path: /, tolerance: {in: [418]}}]';

describe.concurrent('several runs by one command', { timeout: 180_000 }, () => {
  it('go on after one that fails, and end with a table and the worst exit code', async () => {
    await using scratch = await Scratch.create();
    await using back = await startBack();
    const text = smallRun({ back: back.address });
    await scratch.write('a-fails.yaml', `${named('fails', text)}${PROMISE}`);
    await scratch.write('b-passes.yaml', named('passes', text));
    const { code, stdout } = await faultlab('run', scratch.path, '--out', join(scratch.path, 'runs'));
    expect(code).toBe(1);
    const [head, ...rows] = stdout.slice(stdout.lastIndexOf('experiment  ')).split('\n');
    expect(head).toMatch(/^experiment +verdict +exit +took +promises kept +not kept$/);
    expect(rows[0]).toMatch(/^fails +✘ FAIL +1 +\S+ +1 of 2 +nobody-notices$/);
    expect(rows[1]).toMatch(/^passes +✔ PASS +0 +\S+ +1 of 1$/);
    expect(stdout).toContain('2 of 2 experiments run, 1 passed');
  });

  it('are compared with the last that passed, where the plan says so', async () => {
    await using scratch = await Scratch.create();
    await using back = await startBack();
    const out = join(scratch.path, 'runs');
    const file = await scratch.write('small.yaml', `${smallRun({ back: back.address })}report: {formats: [json], baseline: last-pass}\n`);
    const [first, second] = [await faultlab('run', file, '--out', out), await faultlab('run', file, '--out', out, '--json')];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.stdout).toContain('no earlier run of this experiment has passed');
    const lines = second.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ type }) => type === 'comparison')).toMatchObject({
      before: expect.stringContaining('-small-'),
      verdicts: [{ name: 'failing-was-felt', kind: 'same' }],
    });
  });

  it('of a game day end with one that could not be carried through, and programs are told', async () => {
    await using scratch = await Scratch.create();
    await using back = await startBack();
    const text = smallRun({ back: back.address });
    await scratch.write('ill.yaml', named('ill', text.replace('settle: 500ms}', `settle: 500ms, ${NEVER_WELL}}`)));
    await scratch.write('well.yaml', named('well', text));
    const day = await scratch.write(
      'day.yaml',
      'apiVersion: faultlab/v1\nkind: GameDay\nmetadata: {name: day}\npeople: [{name: ana}]\nexperiments: [well.yaml, ill.yaml, well.yaml]\n',
    );
    const { code, stdout } = await faultlab('run', day, '--json', '--out', join(scratch.path, 'runs'));
    expect(code).toBe(3);
    const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(summary).toMatchObject({ type: 'summary', planned: 3, exit: { code: 3 } });
    expect(summary.runs).toMatchObject([
      { title: 'well', verdict: 'pass', exit: { code: 0 } },
      { title: 'ill', exit: { code: 3 } },
    ]);
  });
});
