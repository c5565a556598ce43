/**
 * Several at once: two runs in one folder, two that find the same dead run, a halt from elsewhere while traffic flows, a run for another environment.
 * What one does never becomes the other's fault.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { isAlive } from '../../src/orchestrator/services/processes.js';
import { Faultlab, Scratch } from './faultlab.js';
import { faultsOf, journalOf, liveOf, newestRun, proxiesOf, smallRun, startBack, steering, untilNothingRuns } from './small-run.js';

const TIMEOUT_MS = 120_000;
/** Promised is a second, from the moment at which the command is there; a busy machine takes longer to start a program at all. */
const HALT_MS_MAX = 10_000;
/** From the call on. Promised is a second here, too: a busy machine takes longer to say so. */
const HEARD_MS_MAX = 3_000;

let back: Awaited<ReturnType<typeof startBack>>;
beforeAll(async () => {
  back = await startBack();
});
afterAll(() => back[Symbol.asyncDispose]());

it.concurrent(
  'two runs in one folder, each with a daemon of its own, pass side by side and take nothing of each other’s for left over',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    const file = await scratch.write('small.yaml', smallRun({ back: back.address }));
    const runs = [0, 1].map(() => new Faultlab(['run', file, '--out', scratch.path], { home }));
    for (const { code, stdout } of await Promise.all(runs.map((run) => run.finished)))
      expect([code, stdout]).toEqual([0, expect.not.stringContaining('found of an earlier run')]);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'two runs that begin at once clean up after the same dead one, and both pass',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    const file = await scratch.write('small.yaml', smallRun({ back: back.address, lease: '30s', duration: '60s' }));
    const next = await scratch.write('next.yaml', smallRun({ back: back.address }));
    await using dead = new Faultlab(['run', file, '--out', scratch.path], { home });
    await dead.says(/fault on: failing/);
    const live = await liveOf(await newestRun(scratch.path));
    dead.child.kill('SIGKILL');
    await dead.finished;
    // Its lease would last for another half a minute: whoever comes next does not wait for it.
    const ends = await Promise.all([0, 1].map(() => new Faultlab(['run', next, '--out', scratch.path], { home }).finished));
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const said = ends.map(({ stdout }) => stdout).join('');
    expect(said).toContain(`${live.run}: it died during method, with failing on`);
    expect(said).toMatch(/its daemon at \S+ was still running, with 1 faults of the run on: healed/);
    expect(live.processes.filter(isAlive)).toEqual([]);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'halt from any folder ends what is on although traffic flows, and no run begins until it is lifted',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    const busy = smallRun({ back: back.address, duration: '60s', lease: '30s', ratePerSecond: 300 });
    const file = await scratch.write('busy.yaml', busy);
    await using run = new Faultlab(['run', file, '--out', scratch.path], { home });
    await run.says(/fault on: failing/);
    const saidMs = hostClock.nowMs();
    const elsewhere = { cwd: scratch.path, home };
    const halted = await new Faultlab(['halt', '--reason', 'enough'], elsewhere).finished;
    expect([halted.code, halted.stdout]).toEqual([0, expect.stringContaining('1 fault ended')]);
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([4, expect.stringContaining('every fault is confirmed gone')]);
    const end = (await journalOf(await newestRun(scratch.path))).find((event) => event.type === 'faultEnded');
    expect(end).toMatchObject({ reason: 'halted' });
    const tookMs = (end?.atMs ?? Number.NaN) - saidMs;
    console.log(`halted ${tookMs.toFixed(0)} ms after the command was given`);
    expect(tookMs).toBeLessThan(HALT_MS_MAX);
    const refused = await new Faultlab(['run', file, '--out', scratch.path], { home }).finished;
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('enough')]);
    expect((await new Faultlab(['halt', '--lift'], elsewhere).finished).code).toBe(0);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);

it.concurrent(
  'a plan for another environment than the daemon’s changes nothing there',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    await using daemon = new Faultlab(['serve', '--port', '0', '--json', '--environment', 'staging']);
    const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
    const file = await scratch.write('small.yaml', smallRun({ back: back.address, environment: 'production' }));
    const { code, stderr } = await new Faultlab(['run', file, '--out', scratch.path, '--connect', url], { home }).finished;
    expect([code, stderr]).toEqual([64, expect.stringContaining('"production", but the daemon serves "staging"')]);
    expect([await proxiesOf(url), await faultsOf(url), await steering(url)]).toEqual([[], [], null]);
    await untilNothingRuns(home);
  },
  TIMEOUT_MS,
);

/** What the run has just said, and whether a fault is on by then. */
const PHASES: readonly (readonly [phase: string, says: RegExp, isFaulted: boolean])[] = [
  ['the baseline is taken', /phase baseline/, false],
  ['a fault is on', /fault on: failing/, true],
  ['the system settles', /phase settle/, false],
];

it.for(PHASES)(
  'a halt is heard soon after the call while %s',
  { timeout: TIMEOUT_MS, concurrent: true },
  async ([, says, isFaulted], { expect }) => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    await using daemon = new Faultlab(['serve', '--port', '0', '--json'], { home });
    const url = (await daemon.says(/"url":"([^"]+)"/))[1] ?? '';
    const text = smallRun({ back: back.address, lease: '5s', duration: isFaulted ? '60s' : '2s', settle: '10s' });
    const file = await scratch.write('small.yaml', text.replace('baseline: 500ms', 'baseline: 2s'));
    await using run = new Faultlab(['run', file, '--out', scratch.path, '--connect', url], { home });
    await run.says(says);
    const calledMs = hostClock.nowMs();
    await fetch(`${url}/v1/halt`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'enough' }),
    });
    expect(await faultsOf(url)).toEqual([]);
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([4, expect.stringContaining('every fault is confirmed gone')]);
    const events = await journalOf(await newestRun(scratch.path));
    const ended = events
      .filter((event) => event.type === 'faultEnded')
      .map(({ reason, atMs }) => ({ reason, isSoon: atMs - calledMs < HEARD_MS_MAX }));
    if (isFaulted) expect(ended).toEqual([{ reason: 'halted', isSoon: true }]);
    const heardMs = (events.find((event) => event.type === 'errorRaised')?.atMs ?? Number.NaN) - calledMs;
    console.log(`heard ${heardMs.toFixed(0)} ms after the call`);
    expect(heardMs).toBeLessThan(HEARD_MS_MAX);
    daemon.child.kill('SIGTERM');
    await untilNothingRuns(home);
  },
);
