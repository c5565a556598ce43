/**
 * SIGKILL of the orchestrator at random instants, from its first breath to its last. Whenever it comes: what is on was intended in the journal, it ends
 * with its lease, nothing that was started stays, the journal can be judged and acquits nobody, and the next run is none the worse for it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeFolder } from '../../src/cli/verdict.js';
import { hostClock, sleep } from '../../src/core/clock.js';
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { listRuns, RunFolder } from '../../src/journal/store.js';
import { isAlive } from '../../src/orchestrator/services/processes.js';
import { seed } from '../support/seed.js';
import { eventually, Faultlab, Scratch } from './faultlab.js';
import { faultsOf, journalOf, liveOf, processesOf, smallRun, startBack, untilNothingRuns } from './small-run.js';

const KILLS = 50;
/** `npm run soak` goes on for so long instead. */
const soakMinutes = Number(process.env['FAULTLAB_SOAK_MINUTES'] ?? 0);
/** Runs at a time, each with its own daemon and ports. */
const LANES = 3;
/** Of the kills, so many come before the run says that it has started: starting a program takes as long as all the rest. */
const EARLY_SHARE = 0.2;

interface Lane {
  file: string;
  out: string;
  /** Of each run, the next one gets another: processes are told apart by it. */
  homes: string[];
}

/** How long a run takes until it says that it has started, and from then to its end. */
interface Span {
  untilStartedMs: number;
  restMs: number;
}

function start(lane: Lane): Faultlab {
  const home = join(lane.out, `home-${lane.homes.length}`);
  lane.homes.push(home);
  return new Faultlab(['run', lane.file, '--out', lane.out], { home });
}

const hasStarted = (run: Faultlab) => run.says(/ started \(seed/);

/** All that must be true of a run that has just been killed. */
async function examine(folder: RunFolder): Promise<void> {
  const live = await liveOf(folder).catch(() => undefined);
  if (live !== undefined) {
    const intended = (await journalOf(folder)).flatMap((event) => (event.type === 'faultIntended' ? [event.fault] : []));
    for (const { id } of await faultsOf(live.daemonUrl).catch(() => [])) expect(intended).toContain(id);
    await eventually('the lease has ended the fault', async () => (await faultsOf(live.daemonUrl).catch(() => [])).length === 0);
    const services = live.processes.filter(({ name }) => name !== 'daemon');
    await eventually('the services are gone', () => !services.some(isAlive));
  }
  const events = await journalOf(folder);
  if (events.length === 0 || events.some((event) => event.type === 'runEnded')) return;
  const { verdict, exit, record } = await judgeFolder(folder);
  expect(['inconclusive', 'fail']).toContain(verdict);
  expect(exit.code).not.toBe(0);
  expect(record.gaps).toContain('the journal ends before the run did');
}

/** Returns the phase in which the kill came, for the tally. */
async function killOne(lane: Lane, draw: () => number, { untilStartedMs, restMs }: Span): Promise<string> {
  const before = new Set(await listRuns(lane.out));
  await using run = start(lane);
  if (draw() < EARLY_SHARE) await sleep(hostClock, draw() * untilStartedMs);
  else {
    await hasStarted(run);
    await sleep(hostClock, draw() * restMs);
  }
  run.child.kill('SIGKILL');
  await run.finished;
  // Not the newest by name: two may begin in the same second.
  const name = (await listRuns(lane.out)).find((known) => !before.has(known));
  if (name === undefined) return 'before it had a folder';
  const folder = new RunFolder(lane.out, name);
  await examine(folder);
  return (await journalOf(folder)).findLast((event) => event.type === 'phaseStarted')?.phase ?? 'before its first phase';
}

/** A run that nobody disturbs: what came before it must not show. */
async function undisturbed(lane: Lane): Promise<Span> {
  const bornMs = hostClock.nowMs();
  await using run = start(lane);
  await hasStarted(run);
  const startedMs = hostClock.nowMs();
  const { code, stdout, stderr } = await run.finished;
  expect([code, code === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  return { untilStartedMs: startedMs - bornMs, restMs: hostClock.nowMs() - startedMs };
}

async function runLane(lane: Lane, { span, isOver }: { span: Span; isOver(kills: number): boolean }): Promise<string[]> {
  const draw = drawStream(keyedDraw({ seed, faultId: lane.out.slice(-1) }), '');
  const phases: string[] = [];
  while (!isOver(phases.length)) phases.push(await killOne(lane, draw, span));
  await undisturbed(lane);
  for (const home of lane.homes) await untilNothingRuns(home);
  return phases;
}

it.skipIf(process.platform !== 'linux')('what is left of a run would be found, and named', async () => {
  await using scratch = await Scratch.create();
  const left = spawn('sleep', ['600'], { env: { ...process.env, FAULTLAB_HOME: scratch.path }, stdio: 'ignore' });
  try {
    await eventually('it is found', async () => (await processesOf(scratch.path)).some((found) => found.includes('sleep 600')));
    expect(await processesOf(`${scratch.path}-of-another`)).toEqual([]);
  } finally {
    left.kill('SIGKILL');
  }
  await untilNothingRuns(scratch.path);
});

it.skipIf(process.platform !== 'linux')(
  `SIGKILL at any instant leaves no fault, no process and no verdict that it has not earned (FAULTLAB_TEST_SEED=${seed})`,
  async () => {
    await using scratch = await Scratch.create();
    await using back = await startBack();
    const file = await scratch.write('small.yaml', smallRun({ back: back.address }));
    const lanes = Array.from({ length: LANES }, (_, i): Lane => ({ file, out: join(scratch.path, `lane-${i}`), homes: [] }));
    // All at once, because that is how they will run: a machine that is busy brings a run up more slowly.
    const spans = await Promise.all(lanes.map(undisturbed));
    const endMs = hostClock.nowMs() + soakMinutes * 60e3;
    const isOver = (kills: number): boolean => (soakMinutes > 0 ? hostClock.nowMs() > endMs : kills >= Math.ceil(KILLS / LANES));
    const runs = lanes.map((lane, i) => runLane(lane, { span: spans[i] ?? { untilStartedMs: 0, restMs: 0 }, isOver }));
    const phases = (await Promise.all(runs)).flat();
    const tally = Object.fromEntries([...new Set(phases)].map((phase) => [phase, phases.filter((p) => p === phase).length]));
    console.log(`${phases.length} kills, seed ${seed}: ${JSON.stringify(tally)}`);
    expect(phases.length).toBeGreaterThanOrEqual(soakMinutes > 0 ? 1 : KILLS);
  },
  (soakMinutes + 10) * 60_000,
);
