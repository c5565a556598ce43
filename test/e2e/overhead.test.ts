/** What a run costs beside its load: the processor time of the orchestrator itself, which must leave the machine to the system under test. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import { Faultlab, Scratch } from './faultlab.js';
import { smallRun, startBack } from './small-run.js';

/** Each crosses two links, so twice as many are recorded. */
const REQUESTS_PER_SECOND = 200;
/** Of one core. Promised are 5 %; the rest is for a machine on which several suites take each other's caches and turns. */
const CORE_SHARE_MAX = 0.15;
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that the process itself has used, all of its threads together. */
async function usedSeconds(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

it.skipIf(process.platform !== 'linux')(
  'a run leaves the machine to the system under test',
  async () => {
    await using scratch = await Scratch.create();
    await using back = await startBack();
    const text = smallRun({ back: back.address, duration: '60s', lease: '5s', ratePerSecond: REQUESTS_PER_SECOND });
    await using run = new Faultlab(['run', await scratch.write('small.yaml', text), '--out', scratch.path]);
    await run.says(/fault on: failing/);
    // Just after the start a program is still being compiled.
    await sleep(hostClock, 2_000);
    const before = { ms: hostClock.nowMs(), seconds: await usedSeconds(run.child.pid) };
    for (let i = 0; i < 6; i++) await sleep(hostClock, 1_000);
    const share = ((await usedSeconds(run.child.pid)) - before.seconds) / ((hostClock.nowMs() - before.ms) / 1e3);
    console.log(`${(share * 100).toFixed(1)} % of a core at ${REQUESTS_PER_SECOND} requests a second`);
    expect(share).toBeLessThan(CORE_SHARE_MAX);
    // The control: it did measure a process that works.
    expect(share).toBeGreaterThan(0);
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(4);
  },
  120_000,
);
