/** Faults on processes, through the command line: what the journal says of them, and that a dead or stopped orchestrator leaves nothing stopped. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { readJournal } from '../../src/journal/reader.js';
import { type LiveRun, listRuns, RunFolder } from '../../src/journal/store.js';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';
import { conditionOf, startTicksOf } from '../../src/orchestrator/services/processes.js';
import { eventually, Faultlab } from './faultlab.js';

const FRONT = `const http = require('http');
http.createServer((q, r) => http.get('http://' + process.env.BACK + q.url, { timeout: 400 }, (a) => a.pipe(r.writeHead(a.statusCode)))
.on('timeout', function () { this.destroy(); }).on('error', () => r.writeHead(502).end())).listen(process.env.PORT, '127.0.0.1')`;
const BACK = `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')`;

const plan = (method: string, verify = '') => `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: processes}
environment: local
seed: 1
topology:
  services:
    front: {protocol: http, instances: 1, argv: [node, -e, ${JSON.stringify(FRONT)}], env: {PORT: "\${self.port}", BACK: "\${link.back}"}}
    back: {protocol: http, instances: 1, argv: [node, -e, ${JSON.stringify(BACK)}], env: {PORT: "\${self.port}"}}
  links: [{from: front, to: back}]
load: {target: front, rate: 50/s, requests: [{name: all, path: "/\${key}"}]}
steadyState: {baseline: 500ms, settle: 1s}
stopConditions: [{harmed: {max: 100000}}]
method:
${method}
${verify}
`;

async function start(text: string, ...options: readonly string[]): Promise<{ run: Faultlab; out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-processes-'));
  const file = join(folder, 'plan.yaml');
  await writeFile(file, text);
  return { run: new Faultlab(['run', file, '--out', join(folder, 'runs'), '--report', 'json', ...options]), out: join(folder, 'runs') };
}

async function journalOf(out: string): Promise<readonly JournalEvent[]> {
  const [name = ''] = await listRuns(out);
  return (await readJournal(new RunFolder(out, name).journal)).events;
}

/** The process of the service, from what the run says lives. */
async function processOf(out: string, instance: string) {
  const [name = ''] = await listRuns(out);
  const live = JSON.parse(await readFile(join(out, name, 'live.json'), 'utf8')) as LiveRun;
  const found = live.processes.find((one) => one.name === instance);
  if (found === undefined) throw new Error(`${instance} is not among those that live`);
  return found;
}

const PAUSE = '  - name: stands-still\n    fault: {type: pause, target: back, duration: 60s, lease: 1s}';

describe.concurrent('faults on processes', { timeout: 120_000 }, () => {
  it('pause and crash one after the other, are felt by callers, and everything is well afterwards', async () => {
    const method = `  - name: stands-still
    fault: {type: pause, target: back, duration: 1500ms}
  - name: dies
    startAfter: stands-still
    fault: {type: crash, target: {service: back, count: 1}, duration: 1s}`;
    const { run, out } = await start(plan(method, 'verify:\n  - name: hurt\n    errorRatio: {from: load, to: front, max: 1%}'));
    await using _run = run;
    const { code, stdout } = await run.finished;
    // The undefended front is hurt by both: that is what the check has to find.
    expect([code, stdout]).toEqual([1, expect.stringContaining('back-1 is ready')]);
    const events = await journalOf(out);
    const ends = events.filter((event) => event.type === 'faultEnded');
    expect(ends).toMatchObject([
      { step: 'stands-still', reason: 'duration', matched: 1, applied: 1, counted: 'processes' },
      { step: 'dies', reason: 'duration', matched: 1, applied: 1, counted: 'processes' },
    ]);
    const exits = events.filter((event) => event.type === 'serviceExited' && event.instance === 'back-1');
    expect(exits[0]).toMatchObject({ signal: 'SIGKILL', expected: true });
    expect(events.filter((event) => event.type === 'serviceStarted' && event.instance === 'back-1')).toHaveLength(2);
    expect(events.findLast((event) => event.type === 'runEnded')).toMatchObject({ status: 'completed', cleanup: 'confirmed' });
  });

  it('are over, and their processes gone, soon after the orchestrator was killed', async () => {
    const { run, out } = await start(plan(PAUSE));
    await using _run = run;
    await run.says(/fault on: stands-still/);
    const back = await processOf(out, 'back-1');
    expect(conditionOf(back)).toBe('stopped');
    run.child.kill('SIGKILL');
    await eventually('the paused service has ended', () => conditionOf(back) === 'gone');
  });

  it('on clocks and data do what they say, and are taken back', async () => {
    const clocked = BACK.replace(
      "r.end('ok')",
      "require('fs').appendFileSync(process.env.DATA + '/dates', Date.now() + '\\n') ?? r.end('ok')",
    );
    const method = `  - {name: skewed, fault: {type: clockSkew, target: back, value: {ahead: 1h}, duration: 1s}}
  - {name: copy, startAfter: skewed, snapshot: back}
  - {name: rest, startAfter: copy, wait: 1s}
  - {name: dies, startAfter: rest, fault: {type: crash, target: back, value: {data: stale}, duration: 500ms}}`;
    const text = plan(method)
      .replace(JSON.stringify(BACK), JSON.stringify(clocked))
      .replace(/("\$\{self\.port\}")\}\}\n {2}links/, `$1, DATA: "\${self.data}"}}\n  links`);
    const { run, out } = await start(text);
    await using _run = run;
    await run.finished;
    const events = await journalOf(out);
    expect(events.filter(({ type }) => type === 'dataCopied' || type === 'dataReplaced')).toMatchObject([
      { type: 'dataCopied', instance: 'back-1', files: 1 },
      { type: 'dataReplaced', instance: 'back-1', by: 'copy' },
    ]);
    const [name = ''] = await listRuns(out);
    const data = join(out, name, 'data', 'back-1');
    const datesIn = async (folder: string) => (await readFile(join(data, folder, 'dates'), 'utf8')).trim().split('\n').map(Number);
    const [copied, left, now] = [await datesIn('snapshot'), await datesIn('before-1'), await datesIn('now')];
    expect([left.length > copied.length, now.slice(0, copied.length)]).toEqual([true, copied]);
    // All that was written before the crash: a machine that stalls may copy before the first request after the jump back.
    const jumps = left.slice(1).map((atMs, i) => Math.round((atMs - (left[i] ?? 0)) / 60_000));
    expect(jumps.filter((minutes) => minutes !== 0)).toEqual([60, -60]);
  });

  it('on clocks are refused where libfaketime is missing, before anything is injected', async () => {
    const text = plan('  - {name: skewed, fault: {type: clockSkew, target: back, value: {ahead: 1h}, duration: 1s}}');
    const folder = mkdtempSync(join(tmpdir(), 'faultlab-processes-'));
    await writeFile(join(folder, 'plan.yaml'), text);
    const env = { FAULTLAB_FAKETIME: join(folder, 'none.so') };
    await using run = new Faultlab(['run', join(folder, 'plan.yaml'), '--out', join(folder, 'runs'), '--report', 'json'], { env });
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([69, expect.stringMatching(/libfaketime was not found[\s\S]*apt install libfaketime/)]);
  });

  it('on a process of somebody else need leave, and it goes on after the orchestrator was killed, and is not ended', async () => {
    const [port = 0] = await freePorts(1);
    const theirs = spawn(process.execPath, ['-e', BACK], { stdio: 'ignore', env: { ...process.env, PORT: String(port) } });
    const own = { pid: theirs.pid ?? 0, startTicks: startTicksOf(theirs.pid ?? 0) };
    try {
      const attached = `back: {protocol: http, accepts: [pause], instances: [{name: back-1, address: "127.0.0.1:${port}", pid: ${own.pid}}]}`;
      const text = plan(PAUSE).replace(/back: .*PORT: "\$\{self.port\}"\}\}/, attached);
      const refused = await start(text);
      await using _refused = refused.run;
      expect(await refused.run.finished).toMatchObject({ code: 64, stderr: expect.stringContaining('--allow-signals') });
      const { run } = await start(text, '--allow-signals');
      await using _run = run;
      await run.says(/fault on: stands-still/);
      expect(conditionOf(own)).toBe('stopped');
      run.child.kill('SIGKILL');
      await eventually('their process goes on', () => conditionOf(own) === 'running');
    } finally {
      theirs.kill('SIGKILL');
    }
  });

  it('are over when the orchestrator has stood still for a lease, and it says so when it goes on', async () => {
    const { run, out } = await start(plan(PAUSE));
    await using _run = run;
    await run.says(/fault on: stands-still/);
    const back = await processOf(out, 'back-1');
    run.child.kill('SIGSTOP');
    await eventually('the paused service goes on', () => conditionOf(back) === 'running');
    run.child.kill('SIGCONT');
    const { code } = await run.finished;
    const events = await journalOf(out);
    expect(events.find((event) => event.type === 'faultEnded')).toMatchObject({ reason: 'expired' });
    expect(events.findLast((event) => event.type === 'errorRaised')).toMatchObject({
      code: expect.stringMatching(/LEASE_LOST|CLAIM_LOST/),
    });
    expect([code, conditionOf(back)]).toEqual([70, 'gone']);
  });

  it('are over within moments when somebody halts everything', async () => {
    const { run, out } = await start(plan(PAUSE.replace('lease: 1s', 'lease: 10s')));
    await using _run = run;
    await run.says(/fault on: stands-still/);
    const back = await processOf(out, 'back-1');
    const [name = ''] = await listRuns(out);
    const { daemonUrl } = JSON.parse(await readFile(join(out, name, 'live.json'), 'utf8')) as LiveRun;
    const halted = await fetch(`${daemonUrl}/v1/halt`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'enough' }),
    });
    expect(halted.status).toBe(200);
    await eventually('the paused service goes on, or has ended', () => conditionOf(back) !== 'stopped', 5_000);
    expect((await run.finished).code).toBe(4);
  });

  it('are healed when a person ends the run', async () => {
    const { run, out } = await start(plan(PAUSE));
    await using _run = run;
    await run.says(/fault on: stands-still/);
    const back = await processOf(out, 'back-1');
    run.child.kill('SIGINT');
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([4, expect.stringContaining('healing confirmed')]);
    expect((await journalOf(out)).find((event) => event.type === 'faultEnded')).toMatchObject({ reason: 'healed' });
    expect(conditionOf(back)).toBe('gone');
  });

  it.each([
    ['a service that is somebody else’s', 'target: other', 'other-1 is somebody else’s; to pause it, expected its pid or its unit'],
    ['nobody', 'target: bach', 'bach'],
    ['a share of links', 'target: back, percentage: 50', 'percentage'],
    ['a protected instance', 'target: front', 'instances at protected links cannot be faulted: front-1'],
  ])('refuse %s, and nothing is started', async (_what, target, sentence) => {
    const other =
      '    other: {protocol: http, instances: [{name: other-1, address: "127.0.0.1:1"}]}\n  links: [{from: front, to: back}]\n  protect: [front]';
    const text = plan(`  - {name: x, fault: {type: pause, ${target}, duration: 1s}}`).replace('  links: [{from: front, to: back}]', other);
    const { run, out } = await start(text);
    await using _run = run;
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([64, expect.stringContaining(sentence)]);
    expect(await listRuns(out).catch(() => [])).toEqual([]);
  });
});
