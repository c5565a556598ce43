/** `faultlab lab run`: two of the shipped experiments for real, and small ones that are not as expected, or that somebody ends. The rest is for `npm run lab`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Faultlab, faultlab, Scratch } from './faultlab.js';
import { journalOf, newestRun, smallRun, startBack, untilNothingRuns } from './small-run.js';

const TIMEOUT_MS = 180_000;

let back: Awaited<ReturnType<typeof startBack>>;
beforeAll(async () => {
  back = await startBack();
});
afterAll(() => back[Symbol.asyncDispose]());

/** Half of the requests fail in either variant, which is within what is promised. */
const small = (duration: string): string => `${smallRun({ back: back.address, duration })}
variants:
  kept: {expect: pass}
  broken: {expect: fail, failing: [few-fail]}
verify:
  - {name: few-fail, errorRatio: {from: load, to: front, during: failing, max: 95, minDemand: 5}}
`;

describe.concurrent('faultlab lab run', () => {
  it(
    'runs shipped experiments with their defences and without, and each is as expected',
    async () => {
      await using scratch = await Scratch.create();
      const files = ['crash-stop', 'omission-send'].map((name) => `experiments/taxonomy/${name}.yaml`);
      const { code, stdout, stderr } = await faultlab('lab', 'run', ...files, '--out', scratch.path);
      expect({ code, stderr, last: stdout.trim().split('\n').at(-1) }, stdout).toEqual({
        code: 0,
        stderr: '',
        last: '2 experiments, 2 as expected',
      });
      expect(stdout).toMatch(/✔ omission-send, undefended .*: FAIL as expected: nothing-is-done-twice: store during/);
    },
    TIMEOUT_MS,
  );

  it(
    'says of an undefended variant in which nothing breaks that this is not as expected',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', small('1s'));
      const { code, stdout } = await faultlab('lab', 'run', file, '--out', scratch.path, '--json');
      const lines = stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      expect(lines, stdout).toContainEqual(expect.objectContaining({ variant: 'kept', isAsExpected: true, verdict: 'pass' }));
      const evidence = 'expected few-fail to break, but every promise was kept';
      expect(lines).toContainEqual(expect.objectContaining({ variant: 'broken', isAsExpected: false, verdict: 'pass', evidence }));
      expect([code, lines.at(-1)]).toEqual([1, { type: 'summary', experiments: 1, asExpected: 0, runs: 2, planned: 2 }]);
    },
    TIMEOUT_MS,
  );

  it(
    'heals all of its runs when it is interrupted, begins no more, and says so',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('small.yaml', small('60s'));
      const home = `${scratch.path}/home`;
      await using lab = new Faultlab(['lab', 'run', file, '--out', scratch.path, '--seeds', '2'], { home });
      const isOn = async (): Promise<boolean> =>
        (await newestRun(scratch.path).then(journalOf, () => [])).some(({ type }) => type === 'faultApplied');
      await eventually('a fault is on', isOn, 60_000);
      lab.child.kill('SIGINT');
      const { code, stderr, stdout } = await lab.finished;
      expect(code, stdout).toBe(4);
      expect(stderr).toContain('SIGINT: ended early, 2 of 4 runs had begun; every fault is healed, and what the runs had started is gone');
      await untilNothingRuns(home);
    },
    TIMEOUT_MS,
  );
});
