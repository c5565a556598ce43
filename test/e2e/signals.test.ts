/**
 * Somebody wants a run to end: Ctrl-C, SIGTERM, a closed terminal, in every phase and twice. It heals and says so, what was started is gone, and the
 * exit code is that of a run that was stopped.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, Faultlab, MAIN, ROOT, Scratch } from './faultlab.js';
import { faultsOf, journalOf, liveOf, newestRun, smallRun, startBack, untilNothingRuns } from './small-run.js';

const TIMEOUT_MS = 120_000;

let back: Awaited<ReturnType<typeof startBack>>;
beforeAll(async () => {
  back = await startBack();
});
afterAll(() => back[Symbol.asyncDispose]());

/** The signal, when it comes, and what the run has just said. */
const INSTANTS: readonly (readonly [signal: NodeJS.Signals, when: string, says: RegExp])[] = [
  ['SIGINT', 'while services come up', /phase setup/],
  ['SIGTERM', 'in the baseline', /phase baseline/],
  ['SIGHUP', 'in the method before the fault', /phase method/],
  ['SIGTERM', 'while the fault is on', /fault on: failing/],
  ['SIGINT', 'when the fault is over', /fault off: failing/],
  ['SIGINT', 'while the run heals', /phase heal/],
  ['SIGHUP', 'while the system settles', /phase settle/],
];

it.for(INSTANTS)(
  '%s %s makes the run heal, say so, and end what it has started',
  { timeout: TIMEOUT_MS, concurrent: true },
  async ([signal, , says], { expect }) => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    // A run that ends while the test is held up would not be interrupted: the last phase is long.
    const text = smallRun({ back: back.address, steps: ['{name: rest, wait: 500ms}'], lease: '5s', settle: '10s' });
    const file = await scratch.write('small.yaml', text);
    await using run = new Faultlab(['run', file, '--out', scratch.path], { home });
    await run.says(says);
    run.child.kill(signal);
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([4, expect.stringContaining(`${signal} from the operator`)]);
    expect(stdout).toContain('every fault is confirmed gone');
    const events = await journalOf(await newestRun(scratch.path));
    expect(events.at(-1)).toMatchObject({ type: 'runEnded', status: 'interrupted', cleanup: 'confirmed' });
    await untilNothingRuns(home);
  },
);

it(
  'SIGTERM while a run is taken down cuts nothing short, and that is said; what it did not begin it does not begin',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    const besides = "process.on('SIGTERM', () => setTimeout(process.exit, 1500));";
    const file = await scratch.write('small.yaml', smallRun({ back: back.address, besides }));
    await using run = new Faultlab(['run', file, file, '--out', scratch.path, '--json'], { home });
    await run.says(/"type":"phaseStarted","phase":"teardown"/);
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.finished;
    expect(stderr).toContain('SIGTERM came when the run was over: every fault was confirmed gone');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; exit?: { code: number }; planned?: number });
    expect(lines.find(({ type }) => type === 'report')?.exit?.code).toBe(0);
    expect([lines.at(-1), code]).toMatchObject([{ type: 'summary', planned: 2, exit: { code: 4 } }, 4]);
    // Verdicts as they form, at the latest when the fault was over for a second.
    expect(lines.some(({ type }) => type === 'verdictsSoFar')).toBe(true);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);

it(
  'a second Ctrl-C ends the run at once and says what will end the fault; it does, and the services are gone',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    // It waits for the lease after the first one, so there is time for a second.
    const file = await scratch.write('small.yaml', smallRun({ back: back.address, duration: '60s', lease: '4s', rollback: 'never' }));
    await using daemon = new Faultlab(['serve', '--port', '0', '--json']);
    const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
    await using run = new Faultlab(['run', file, '--out', scratch.path, '--connect', url], { home });
    await run.says(/fault on: failing/);
    run.child.kill('SIGINT');
    await run.says(/rollback: never/);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([5, expect.stringContaining('end when their lease runs out')]);
    await eventually('the lease has ended the fault', async () => (await faultsOf(url)).length === 0);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);

it(
  'a terminal that is closed is a run that is interrupted: it heals although nobody hears what it says',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    const file = await scratch.write('small.yaml', smallRun({ back: back.address, duration: '60s', lease: '30s' }));
    const line = [process.execPath, MAIN, 'run', file, '--out', scratch.path].join(' ');
    const terminal = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: ROOT,
      env: { ...process.env, FAULTLAB_HOME: home },
      stdio: 'ignore',
    });
    try {
      const applied = async () => (await journalOf(await newestRun(scratch.path))).some((event) => event.type === 'faultApplied');
      await eventually('the fault is on', () => applied().catch(() => false), 60_000);
    } finally {
      // Its end of the line is gone with it: the kernel hangs up.
      terminal.kill('SIGKILL');
      await once(terminal, 'exit');
    }
    const folder = await newestRun(scratch.path);
    const isOver = async () => (await journalOf(folder)).at(-1)?.type === 'runEnded';
    await eventually('the run has ended in order', isOver);
    expect((await journalOf(folder)).findLast((event) => event.type === 'signal')).toMatchObject({ name: 'SIGHUP' });
    expect((await journalOf(folder)).at(-1)).toMatchObject({ status: 'interrupted', cleanup: 'confirmed' });
    await eventually('it has said that it is over', async () => (await liveOf(folder).catch(() => undefined)) === undefined);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);
