import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DaemonLog, type LogLevel, logDestination } from '../../src/control/daemon-log.js';
import { hostClock } from '../../src/core/clock.js';
import { injectSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { servedControl } from '../support/control.js';
import { forThisTest } from '../support/for-this-test.js';
import { until } from '../support/until.js';

interface Line {
  level: string;
  time: string;
  msg: string;
  [about: string]: unknown;
}

/** A daemon that writes down what it does, with one proxy. */
async function logged(level?: LogLevel) {
  const lines: Line[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Line), [Symbol.dispose]: () => {} };
  const log = new DaemonLog({ clock: hostClock, level, destination });
  const control = forThisTest(await servedControl({ log, token: 'T0KEN' }));
  await control.daemon.createProxy(proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: '127.0.0.1:9' }));
  const ask = (method: string, target: string, body?: object) =>
    control.raw(method, target, {
      ...(body && { body: JSON.stringify(body) }),
      head: ['content-type: application/json', 'authorization: Bearer T0KEN', 'user-agent: curl/8'],
    });
  return { lines, log, ask, daemon: control.daemon, heard: (msg: string) => until(() => lines.some((line) => line.msg === msg)) };
}

test('who changed what is written down, with what became of it, and what only reads is not', async () => {
  const { lines, ask, heard } = await logged();
  await ask('GET', '/v1/status');
  await ask('POST', '/v1/runs?password=SECRET', { run: 'r' });
  await heard('changed');
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      pid: process.pid,
      msg: 'changed',
      method: 'POST',
      path: '/v1/runs',
      status: 201,
      peer: expect.stringContaining('127.0.0.1'),
      tookMs: expect.any(Number),
      agent: 'curl/8',
    },
  ]);
  await ask('POST', '/v1/runs', { run: 'other', secret: 'SECRET' });
  await heard('refused');
  expect(lines.at(-1)).toMatchObject({ level: 'warn', status: 400 });
  expect(JSON.stringify(lines)).not.toMatch(/SECRET|T0KEN/);
});

test('what Toxiproxy’s clients change is written down, too', async () => {
  const { lines, ask, heard } = await logged();
  await ask('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' });
  await heard('changed');
  expect(lines.at(-1)).toMatchObject({ method: 'POST', path: '/proxies', status: 201 });
});

test('faults come and go in it, one whose lease runs out with a warning, and so does a halt', async () => {
  const { lines, ask, daemon, heard } = await logged();
  const { epoch } = daemon.claim('r');
  const fault = { type: 'abort', proxies: ['a->b'], value: { status: 503 } };
  daemon.inject(
    injectSchema.parse({
      run: 'r',
      epoch,
      faults: [
        { id: 'left', lease: '1s', ...fault },
        { id: 'kept', lease: '60s', ...fault },
      ],
    }),
  );
  await heard('lease ran out, fault off');
  await ask('POST', '/v1/halt', { reason: 'enough' });
  await heard('halted');
  await until(() => lines.some(({ how }) => how === 'halted'));
  const about = lines.map(({ level, msg, fault: id, how, reason }) => [level, msg, id ?? reason, how]);
  expect(about).toContainEqual(['info', 'fault on', 'left', undefined]);
  expect(about).toContainEqual(['warn', 'lease ran out, fault off', 'left', 'expired']);
  expect(about).toContainEqual(['info', 'fault off', 'kept', 'halted']);
  expect(about).toContainEqual(['warn', 'halted', 'enough', undefined]);
});

test('what runs ask all the time is for those who look for faults of ours', async () => {
  for (const [level, count] of [
    ['info', 0],
    ['debug', 1],
  ] as const) {
    const { lines, ask, daemon } = await logged(level);
    const { epoch } = daemon.claim('r');
    expect((await ask('POST', '/v1/runs/r/renew', { epoch })).status).toBe(200);
    // Only what comes behind it tells that it has not come.
    await ask('POST', '/v1/runs/r/renew', { epoch: 1 });
    await until(() => lines.some(({ msg }) => msg === 'refused'));
    expect(lines.filter(({ msg }) => msg === 'asked')).toHaveLength(count);
  }
});

test('a file gets whole lines, and one that cannot be written ends nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'new', 'daemon.log');
  {
    using log = new DaemonLog({ clock: hostClock, destination: logDestination(file) });
    log.serving({ url: 'http://127.0.0.1:1', environment: 'local', version: '1' });
    log.failed(new Error('one\ntwo'));
    await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('internal error'));
  }
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  expect(lines.map(({ msg }) => msg)).toEqual(['serving', 'internal error']);
  expect(lines[1]?.['err']).toMatchObject({ message: 'one\ntwo' });
  using log = new DaemonLog({ clock: hostClock, destination: logDestination('/dev/full') });
  log.ended();
});
