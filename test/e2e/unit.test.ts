/** A unit of a real systemd that is somebody else's: all of its processes stand still and go on, not only the one that systemd calls the main one. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';
import { conditionOf, type Identity, startTicksOf } from '../../src/orchestrator/services/processes.js';
import { forThisTest } from '../support/for-this-test.js';
import { startSystemd, whyNoSystemd } from '../support/systemd.js';
import { eventually, Faultlab, Scratch } from './faultlab.js';
import { journalOf, newestRun, smallRun } from './small-run.js';

const missing = whyNoSystemd();
/** The main process waits; who answers is one that it has started. */
const SERVER = `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')`;

interface Unit {
  port: number;
  PATH: string;
  /** The main process, and the one that it has started. */
  processes: readonly Identity[];
  restarts(): string;
  stop(): void;
}

async function startUnit(): Promise<Unit> {
  const [port = 0] = await freePorts(1);
  const command = `/bin/sh -c '${process.execPath} -e "$$SERVER" & wait'`;
  const text = `[Service]\nEnvironment=PORT=${port} "SERVER=${SERVER}"\nExecStart=${command}\n`;
  const { PATH, systemctl } = await startSystemd({ 'web.service': text });
  systemctl('start', 'web.service');
  const main = systemctl('show', '--property=MainPID', '--value', 'web.service');
  const answers = () => fetch(`http://127.0.0.1:${port}`).then(({ ok }) => ok);
  await eventually('the unit answers', () => answers().catch(() => false));
  const [child = ''] = readFileSync(`/proc/${main}/task/${main}/children`, 'latin1').split(' ');
  const processes = [main, child].map(Number).map((pid) => ({ pid, startTicks: startTicksOf(pid) }));
  return {
    port,
    PATH,
    processes,
    restarts: () => systemctl('show', '--property=NRestarts,MainPID', 'web.service'),
    stop: () => systemctl('stop', 'web.service'),
  };
}

async function pause({ port, PATH }: Unit, duration: string): Promise<{ run: Faultlab; out: string }> {
  const scratch = forThisTest(await Scratch.create());
  const back = `127.0.0.1:${port}`;
  const text = smallRun({ back })
    .replace(
      `instances: [{name: back-1, address: "${back}"}]`,
      `accepts: [pause], instances: [{name: back-1, address: "${back}", unit: web}]`,
    )
    .replace(/fault: .*/, `fault: {type: pause, target: back, duration: ${duration}, lease: 3s}`);
  const out = `${scratch.path}/runs`;
  const args = ['run', await scratch.write('plan.yaml', text), '--out', out, '--report', 'json', '--allow-signals'];
  return { run: forThisTest(new Faultlab(args, { home: scratch.path, env: { PATH } })), out };
}

const conditions = ({ processes }: Unit) => processes.map(conditionOf);

describe.skipIf(missing !== undefined)(`a unit of systemd${missing === undefined ? '' : ` (${missing})`}`, { timeout: 120_000 }, () => {
  it('stands still for as long as the fault is on, and is never ended', async () => {
    const unit = await startUnit();
    const before = unit.restarts();
    const { run, out } = await pause(unit, '1500ms');
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([0, expect.stringContaining('back-1')]);
    expect(conditions(unit)).toEqual(['running', 'running']);
    expect(unit.restarts()).toBe(before);
    expect((await journalOf(await newestRun(out))).find(({ type }) => type === 'faultEnded')).toMatchObject({
      reason: 'duration',
      applied: 1,
    });
  });

  it('stands still with all of its processes, and goes on by itself when the orchestrator was killed', async () => {
    const unit = await startUnit();
    const { run } = await pause(unit, '60s');
    await run.says(/fault on: failing/);
    expect(conditions(unit)).toEqual(['stopped', 'stopped']);
    run.child.kill('SIGKILL');
    await eventually('all of it goes on', () => conditions(unit).every((condition) => condition === 'running'));
  });

  it('that does not run is told by its name, before anything is injected', async () => {
    const unit = await startUnit();
    unit.stop();
    const { run } = await pause(unit, '1s');
    expect(await run.finished).toMatchObject({ code: 69, stderr: expect.stringMatching(/unit web has no process: it does not run/) });
  });
});
