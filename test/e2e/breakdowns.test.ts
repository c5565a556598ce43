/**
 * What a run depends on breaks while a fault is on: the orchestrator is paused, the disk is full, the daemon or a service dies, the clock jumps. After
 * each no fault is left and no process, the exit code says what happened, and the journal can be judged and acquits nobody.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import { eventually, Faultlab, faultlab, Scratch } from './faultlab.js';
import {
  faultsOf,
  journalOf,
  liveOf,
  newestRun,
  processesOf,
  proxiesOf,
  type SmallRun,
  smallRun,
  startBack,
  untilNothingRuns,
} from './small-run.js';

const TIMEOUT_MS = 120_000;

let back: Awaited<ReturnType<typeof startBack>>;
beforeAll(async () => {
  back = await startBack();
});
afterAll(() => back[Symbol.asyncDispose]());

/** Each test has a folder for its runs and a home of its own, by which everything that it starts is known. */
async function setUp(given: Omit<SmallRun, 'back'>) {
  const scratch = await Scratch.create();
  const home = join(scratch.path, 'home');
  const file = await scratch.write('small.yaml', smallRun({ back: back.address, lease: '5s', ...given }));
  return {
    out: scratch.path,
    home,
    args: ['run', file, '--out', scratch.path],
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

async function startDaemon(port = '0') {
  const daemon = new Faultlab(['serve', '--port', port, '--json']);
  return { daemon, url: (await daemon.says(/"url":"([^"]+)"/))[1] ?? '', [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() };
}

/** Of its newest run, as anybody will see it later. */
async function expectNoAcquittal(out: string, code: number): Promise<void> {
  const verified = await faultlab('verify', 'last', '--out', out);
  expect([verified.code, verified.stdout]).toEqual([code, expect.stringMatching(/INCONCLUSIVE|FAIL/)]);
}

it.concurrent(
  'an orchestrator that was paused for longer than its lease is refused whatever it sends next, the more so when another has taken its place',
  async () => {
    await using set = await setUp({ duration: '60s', lease: '2s' });
    await using served = await startDaemon();
    await using run = new Faultlab([...set.args, '--connect', served.url], { home: set.home });
    await run.says(/fault on: failing/);
    const folder = await newestRun(set.out);
    const started = (await journalOf(folder)).find((event) => event.type === 'runStarted');
    const [link] = await proxiesOf(served.url);
    /** Just what the orchestrator would send. */
    const inject = async (id: string) => {
      const fault = { id, type: 'noop', proxies: [link?.name], lease: '1s' };
      const body = JSON.stringify({ run: started?.run, epoch: started?.epoch, faults: [fault] });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${served.url}/v1/faults`, { method: 'POST', headers, body });
      return response.ok ? 'accepted' : ((await response.json()) as { code: string }).code;
    };
    expect(await inject('awake')).toBe('accepted');
    run.child.kill('SIGSTOP');
    await eventually('the leases have ended the faults', async () => (await faultsOf(served.url)).length === 0);
    expect(await inject('asleep')).toBe('CLAIM_LOST');
    const headers = { 'content-type': 'application/json' };
    await fetch(`${served.url}/v1/runs`, { method: 'POST', headers, body: '{"run":"another"}' });
    expect(await inject('overtaken')).toBe('EPOCH_STALE');
    run.child.kill('SIGCONT');
    const { code, stdout, stderr } = await run.finished;
    expect([69, 70]).toContain(code);
    expect(stderr).toMatch(/older than|not renewed|ran out/);
    expect(stdout).toContain('healing confirmed');
    expect([await faultsOf(served.url), await proxiesOf(served.url)]).toEqual([[], []]);
    await untilNothingRuns(set.home);
    await expectNoAcquittal(set.out, code ?? 0);
  },
  TIMEOUT_MS,
);

/** Files of the program, and of all that it starts, end at so many blocks of 512 bytes. */
const within = (blocks: number) => ['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh'];

it.concurrent(
  'a disk that is full in the middle of a fault ends the run, healed, as an error of ours; the journal of until then can be judged',
  async () => {
    await using set = await setUp({ duration: '60s' });
    await using run = new Faultlab(set.args, { home: set.home, through: within(100) });
    await run.says(/fault on: failing/);
    const { code, stdout, stderr } = await run.finished;
    expect([code, stderr]).toEqual([70, expect.stringMatching(/journal \S+ cannot be written/)]);
    expect(stdout).toContain('healing confirmed');
    await untilNothingRuns(set.home);
    // To the journal alone the healing is not known.
    await expectNoAcquittal(set.out, 5);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'a disk that is full before the run keeps it from beginning',
  async () => {
    await using set = await setUp({});
    const { code, stdout, stderr } = await new Faultlab(set.args, { home: set.home, through: within(1) }).finished;
    expect([code, stderr]).toEqual([70, expect.stringContaining('cannot be written')]);
    expect(stdout).not.toContain('phase');
    await untilNothingRuns(set.home);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'a daemon that is killed in the middle of a fault is a healing that nobody can confirm',
  async () => {
    await using set = await setUp({ duration: '60s' });
    await using run = new Faultlab(set.args, { home: set.home });
    await run.says(/fault on: failing/);
    const { processes } = await liveOf(await newestRun(set.out));
    process.kill(processes.find(({ name }) => name === 'daemon')?.pid ?? 0, 'SIGKILL');
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([5, expect.stringContaining('does not answer')]);
    await untilNothingRuns(set.home);
    await expectNoAcquittal(set.out, 5);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'a daemon that is killed and started again knows no fault and no run, and the run that it had ends',
  async () => {
    await using set = await setUp({ duration: '60s' });
    await using served = await startDaemon();
    await using run = new Faultlab([...set.args, '--connect', served.url], { home: set.home });
    await run.says(/fault on: failing/);
    served.daemon.child.kill('SIGKILL');
    await served.daemon.finished;
    await using again = await startDaemon(new URL(served.url).port);
    const { code } = await run.finished;
    // The link is gone with its daemon, so no traffic can show that it is well.
    expect(code).toBe(5);
    expect(await faultsOf(again.url)).toEqual([]);
    await untilNothingRuns(set.home);
    await expectNoAcquittal(set.out, 5);
    const next = await setUp({});
    await using _ = next;
    expect((await new Faultlab([...next.args, '--connect', again.url]).finished).code).toBe(0);
  },
  TIMEOUT_MS,
);

/** How the service's process is told to end by itself. */
const DIES = "process.on('SIGUSR2', () => process.exit(3));";

async function letDie(out: string): Promise<void> {
  const { processes } = await liveOf(await newestRun(out));
  process.kill(processes.find(({ name }) => name === 'front-1')?.pid ?? 0, 'SIGUSR2');
}

it.concurrent(
  'a service that dies before there was any fault ends the run, healed, and is named',
  async () => {
    await using set = await setUp({ baseline: '60s', besides: DIES });
    await using run = new Faultlab(set.args, { home: set.home });
    await run.says(/phase baseline/);
    await letDie(set.out);
    const { code, stdout, stderr } = await run.finished;
    expect([code, stderr]).toEqual([69, expect.stringMatching(/front-1 .*ended by itself.*exit code 3/)]);
    expect(stdout).toContain('healing confirmed');
    await untilNothingRuns(set.home);
    await expectNoAcquittal(set.out, 69);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'a service that dies of a fault, as far as anybody knows, ends no run: it is told and judged',
  async () => {
    await using set = await setUp({ duration: '3s', besides: DIES });
    await using run = new Faultlab(set.args, { home: set.home });
    await run.says(/fault on: failing/);
    await sleep(hostClock, 500);
    await letDie(set.out);
    const { code, stdout } = await run.finished;
    expect(code).toBe(2);
    expect(stdout).toMatch(/front-1 .*ended by itself[\s\S]*the run goes on[\s\S]*phase settle[\s\S]*did not come back/);
    expect((await journalOf(await newestRun(set.out))).at(-1)).toMatchObject({ status: 'completed', cleanup: 'confirmed' });
    await untilNothingRuns(set.home);
    await expectNoAcquittal(set.out, 2);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'an orchestrator that is killed takes the program with it that a step was running',
  async () => {
    await using set = await setUp({ steps: ['{name: program, run: {argv: [sleep, "600"], timeout: 10m}}'] });
    await using run = new Faultlab([...set.args, '--allow-exec'], { home: set.home });
    const sleeps = async () => (await processesOf(set.home)).some((process) => process.includes('sleep 600'));
    await eventually('the program runs', sleeps, 60_000);
    run.child.kill('SIGKILL');
    await run.finished;
    await untilNothingRuns(set.home);
  },
  TIMEOUT_MS,
);

/** The wall clock of what is started with it can be set by writing into the file; the monotonic clock stays what it is. */
function fakeTime(file: string): Readonly<Record<string, string>> {
  const library = execFileSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();
  return { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

it.for([
  ['of a run and of all that it starts', 'run'],
  ['of a daemon that was there before', 'daemon'],
] as const)(
  'the wall clock %s may jump by a day, forth and back, in the middle of a fault: no lease notices',
  { timeout: TIMEOUT_MS, concurrent: true },
  async ([, whose], { expect }) => {
    await using set = await setUp({ duration: '2s' });
    const file = join(set.out, 'faketime');
    await writeFile(file, '+0');
    const env = fakeTime(file);
    await using daemon = whose === 'daemon' ? new Faultlab(['serve', '--port', '0', '--json'], { home: set.home, env }) : undefined;
    const url = (await daemon?.says(/"url":"([^"]+)"/))?.[1];
    const args = url === undefined ? set.args : [...set.args, '--connect', url];
    await using run = new Faultlab(args, { home: set.home, ...(url === undefined && { env }) });
    await run.says(/fault on: failing/);
    await writeFile(file, '+1d');
    await sleep(hostClock, 500);
    await writeFile(file, '-1d');
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([0, expect.stringContaining('every fault is confirmed gone')]);
    const events = await journalOf(await newestRun(set.out));
    const [on, off] = ['faultApplied', 'faultEnded'].map((type) => events.find((event) => event.type === type)?.atMs ?? Number.NaN);
    expect((off ?? 0) - (on ?? 0)).toBeGreaterThan(1_000);
    expect((off ?? 0) - (on ?? 0)).toBeLessThan(20_000);
    daemon?.child.kill('SIGTERM');
    await untilNothingRuns(set.home);
    // The control: the clock of what was started did jump.
    const day = execFileSync(process.execPath, ['-p', 'Date.now()'], { env: { ...process.env, ...env }, encoding: 'utf8' });
    expect(hostClock.wallMs() - Number(day)).toBeGreaterThan(80_000_000);
  },
);
