/** A process that flushes a file, and one that calls over a socket: the first waits, the second does not, and both are free when it is over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { isTraced, whyNoTracing } from '../../../src/orchestrator/services/traced.js';
import { built } from '../../support/built.js';
import { children, processRig } from '../../support/process-rig.js';
import { until } from '../../support/until.js';

const ADDED_MS = 200;
const REAPER = built('orchestrator/services/reaper.js');
/** Says of each turn how long one flush took, and how long a byte to itself and back over TCP. */
const WRITER = `const fs = require('fs'), net = require('net'), name = require('os').tmpdir() + '/slow-disk-' + process.pid;
const file = fs.openSync(name, 'w');
process.on('SIGTERM', () => { fs.rmSync(name, { force: true }); process.exit(); });
const echo = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => {
  const socket = net.connect(echo.address().port, '127.0.0.1');
  setInterval(() => {
    let from = performance.now();
    fs.writeSync(file, 'x'); fs.fdatasyncSync(file);
    const flushMs = performance.now() - from;
    from = performance.now();
    socket.write('x');
    socket.once('data', () => console.log(Math.round(flushMs) + ' ' + Math.round(performance.now() - from)));
  }, 40);
});`;

/** The least of a few turns: a stall of the machine lengthens some of them, never all. */
async function least(said: string[]): Promise<readonly number[]> {
  said.length = 0;
  // The first may be of a turn that began before.
  await until(() => said.length >= 6);
  const turns = said.slice(1).map((line) => line.split(' ').map(Number));
  return [0, 1].map((at) => Math.min(...turns.map((turn) => turn[at] ?? Number.NaN)));
}

const missing = whyNoTracing();

describe.skipIf(missing !== undefined)(`slowDisk${missing === undefined ? '' : ` (${missing}; apt install strace)`}`, () => {
  it('lets the process wait for its files and for nothing else, until it is healed', async () => {
    const { faults, spec, changes } = await processRig({ script: WRITER });
    const child = children.at(-1);
    const said: string[] = [];
    child?.stdout?.on('data', (text: Buffer) => said.push(...String(text).trim().split('\n')));
    const [before = 0] = await least(said);
    await faults.inject(spec({ type: 'slowDisk', value: { latency: `${ADDED_MS}ms` } }));
    const [during = 0, over = 0] = await least(said);
    await faults.heal();
    const [after = 0] = await least(said);
    expect([before < ADDED_MS, during >= ADDED_MS, over < ADDED_MS, after < ADDED_MS]).toEqual([true, true, true, true]);
    expect(changes()).toEqual(['applied', 'healed']);
    child?.kill('SIGTERM');
  });

  it('is over when its lease has run out, and the run is told', async () => {
    const { faults, spec, changes } = await processRig();
    const pid = children.at(-1)?.pid ?? 0;
    await faults.inject(spec({ type: 'slowDisk', value: { latency: `${ADDED_MS}ms` }, lease: '2500ms' }));
    expect(isTraced(pid)).toBe('traced');
    await until(() => isTraced(pid) === 'free');
    faults.renew();
    expect(changes()).toEqual(['applied', 'expired']);
  });

  it('may be on beside a full disk, and neither twice nor beside a pause', async () => {
    const { faults, spec } = await processRig();
    const slow = { type: 'slowDisk', value: { latency: '5ms' } };
    await faults.inject(spec(slow));
    await faults.inject(spec({ type: 'fileFull', id: 'r:full' }));
    for (const other of [slow, { type: 'pause' }]) {
      await expect(faults.inject(spec({ ...other, id: 'r:other' }))).rejects.toMatchObject({ code: 'PROCESS_TAKEN' });
    }
    await faults.heal();
    expect([faults.active, isTraced(children.at(-1)?.pid ?? 0)]).toEqual([[], 'free']);
  });

  it('is over when whoever keeps it is killed', async () => {
    await processRig();
    const pid = children.at(-1)?.pid ?? 0;
    const reaper = spawn(process.execPath, [REAPER, 'none'], { stdio: ['pipe', 'ignore', 'inherit'] });
    reaper.stdin?.write(`${JSON.stringify({ order: 'keep', act: { kind: 'slowFiles', pid, latencyMs: ADDED_MS }, leaseMs: 60_000 })}\n`);
    await until(() => isTraced(pid) === 'traced');
    reaper.kill('SIGKILL');
    await once(reaper, 'exit');
    await until(() => isTraced(pid) === 'free');
    // It goes on, too.
    await sleep(hostClock, 100);
    expect(children.at(-1)?.exitCode).toBe(null);
  });

  it('is refused for a process that somebody traces already, and nothing is on', async () => {
    const { faults, spec } = await processRig();
    const pid = children.at(-1)?.pid ?? 0;
    const theirs = spawn('strace', ['-qq', '-f', '-o', '/dev/null', '-p', String(pid)], { stdio: 'ignore' });
    await until(() => isTraced(pid) === 'traced');
    await expect(faults.inject(spec({ type: 'slowDisk', value: { latency: '5ms' } }))).rejects.toMatchObject({
      code: 'TRACING_UNAVAILABLE',
      message: expect.stringContaining('somebody traces it already'),
    });
    expect(faults.active).toEqual([]);
    theirs.kill('SIGTERM');
    await once(theirs, 'exit');
  });
});

it.each([
  ['there is no strace', ['no-such-program', 0], /no-such-program cannot be run/],
  ['nobody may trace', ['true', 3], /ptrace_scope is 3/],
] as const)('says why where %s', (_what, [program, scope], reason) => {
  expect(whyNoTracing(program, scope)).toMatch(reason);
});
