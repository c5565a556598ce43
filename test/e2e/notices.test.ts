/** What a receiver of notices hears of runs that do not go their way: one that the operator ends with Ctrl-C, one that its own stop condition ends, one that breaks a promise. */
import { expect, it } from 'vitest';
import { forThisTest } from '../support/for-this-test.js';
import { nodeServer } from '../support/http-peers.js';
import { eventually, Faultlab, Scratch } from './faultlab.js';
import { journalOf, newestRun, smallRun, startBack } from './small-run.js';

/** Three runs start at a time. */
const ON_WITHIN_MS = 60_000;

interface Told {
  kind: string;
  reason?: string;
  verdict?: string;
  exitCode?: number;
  findings?: readonly { name: string; verdict: string }[];
}

it('tells of an early end and why, and of a promise that was broken', async () => {
  await using scratch = await Scratch.create();
  const back = forThisTest(await startBack());
  const run = async (name: string, yaml: string, interrupt = false) => {
    const receiver = forThisTest(await nodeServer());
    const out = `${scratch.path}/${name}`;
    const webhook = `http://127.0.0.1:${receiver.port}/`;
    const program = new Faultlab(['run', await scratch.write(`${name}.yaml`, yaml), '--out', out, '--webhook', webhook], { home: out });
    if (interrupt) {
      const isOn = async (): Promise<boolean> =>
        (await newestRun(out).then(journalOf, () => [])).some(({ type }) => type === 'faultApplied');
      await eventually('its fault is on', isOn, ON_WITHIN_MS);
      program.child.kill('SIGINT');
    }
    const { code } = await program.finished;
    return { code, told: receiver.heard.map(({ body }) => JSON.parse(body) as Told) };
  };
  const long = smallRun({ back: back.address, duration: '60s', lease: '5s' });
  const broken = smallRun({ back: back.address, duration: '2s', lease: '5s' });
  const [interrupted, harmed, failed] = await Promise.all([
    run('interrupted', long, true),
    run('harmed', long.replace('harmed: {max: 100000}', 'harmed: {max: 10}')),
    run('failed', `${broken}verify:\n  - {name: few-errors, errorRatio: {from: load, to: front, during: failing, max: 1}}\n`),
  ]);

  expect(interrupted.told.map(({ kind }) => kind)).toEqual(['start', 'stop', 'verdict']);
  expect(interrupted.told[1]?.reason).toContain('SIGINT');
  expect(interrupted).toMatchObject({ code: 4, told: [{}, {}, { exitCode: 4 }] });
  expect(harmed.told.map(({ kind }) => kind)).toEqual(['start', 'stop', 'verdict']);
  expect(harmed.told[1]?.reason).toMatch(/^stop condition: more than 10 failed requests/);
  expect(harmed).toMatchObject({ code: 4, told: [{}, {}, { exitCode: 4 }] });
  expect(failed.told).toMatchObject([{ kind: 'start' }, { kind: 'verdict', verdict: 'fail', exitCode: 1 }]);
  expect(failed.told[1]?.findings?.[0]).toMatchObject({ name: 'few-errors', verdict: 'fail' });
  expect(failed.code).toBe(1);
}, 120_000);
