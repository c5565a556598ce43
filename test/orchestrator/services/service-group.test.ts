/** Real processes that fail when they are told to, and what becomes of them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import type { PlannedInstance, PlannedService } from '../../../src/experiment/plan.js';
import type { NewEvent } from '../../../src/journal/events.js';
import { isInGroup } from '../../../src/orchestrator/services/control-group.js';
import { Equipment } from '../../../src/orchestrator/services/equipment.js';
import { ServiceGroup } from '../../../src/orchestrator/services/service-group.js';

/** Answers on its port, and ends with the code that it is asked for. */
const SERVER = `require('node:http').createServer((q, r) => { r.end('ok'); if (q.url !== '/') process.exit(Number(q.url.slice(1))); }).listen(process.env.PORT, '127.0.0.1')`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'group-'));
});
afterEach(() => rm(folder, { recursive: true }));

const serviceOf = (instance: Partial<PlannedInstance>, rest: Partial<PlannedService>): PlannedService => ({
  name: 's',
  protocol: 'http',
  instances: [{ name: 's-1', labels: {}, ...instance }],
  env: { PORT: 'port' },
  ready: { path: '/', timeoutMs: 20_000, intervalMs: 20 },
  ...rest,
});
const startedHere = (rest: Partial<PlannedService>): PlannedService => serviceOf({}, { argv: [process.execPath, '-e', SERVER], ...rest });

async function groupOf(service: PlannedService) {
  const noted: NewEvent[] = [];
  const ends: string[] = [];
  const note = (event: NewEvent): void => void noted.push(event);
  const group = await ServiceGroup.allocate(
    {
      clock: hostClock,
      note,
      logFolder: folder,
      equipment: new Equipment({ clocks: join(folder, 'clocks'), data: join(folder, 'data'), run: 'r' }, { services: [service], note }),
      onStarted: () => {},
      onUnexpectedExit: (instance, detail) => ends.push(`${instance}: ${detail}`),
    },
    [service],
  );
  const count = (type: NewEvent['type']): number => noted.filter((event) => event.type === type).length;
  await group.start((text, instance) => (text === 'port' ? (group.address(instance).split(':')[1] ?? '') : text));
  await group.ready(new AbortController().signal);
  const fail = (code: number) => fetch(`http://${group.address('s-1')}/${code}`).catch(() => {});
  return { group, noted, ends, count, fail };
}
const until = (met: () => boolean) => vi.waitFor(() => expect(met()).toBe(true), { timeout: 20_000, interval: 20 });

describe('files of a service', () => {
  it('are in its folder when it starts, with their templates filled in, and again when it is started anew', async () => {
    const file = join(folder, 'data', 's-1', 'now', 's.conf');
    const { group } = await groupOf(startedHere({ files: { 's.conf': 'port' }, data: {} }));
    await using _group = group;
    expect(await readFile(file, 'utf8')).toBe(group.address('s-1').split(':')[1]);
    await rm(file);
    await group.kill('s-1');
    await group.revive('s-1');
    expect(await readFile(file, 'utf8')).toBe(group.address('s-1').split(':')[1]);
  }, 30_000);
});

describe('a service that fails by itself', () => {
  it('ends the run, where nothing is said', async () => {
    const { group, ends, count, fail } = await groupOf(startedHere({}));
    await using _group = group;
    await fail(3);
    await until(() => ends.length > 0);
    expect([ends, count('serviceStarted')]).toEqual([['s-1: exit code 3'], 1]);
  });

  it('is started again where that is said, so many times, at the same address, and then ends the run', async () => {
    const { group, ends, count, fail } = await groupOf(startedHere({ restart: { max: 2, delayMs: 10 } }));
    await using _group = group;
    const address = group.address('s-1');
    for (const ready of [2, 3]) {
      await fail(3);
      await until(() => count('serviceReady') === ready);
    }
    expect([group.address('s-1'), ends]).toEqual([address, []]);
    await fail(3);
    await until(() => ends.length > 0);
    expect([ends, count('serviceStarted')]).toEqual([['s-1: exit code 3, after 2 restarts'], 3]);
  });

  it('is not started again when it ends well: that is no failure, but it is gone', async () => {
    const { group, ends, count, fail } = await groupOf(startedHere({ restart: { max: 2, delayMs: 10 } }));
    await using _group = group;
    await fail(0);
    await until(() => ends.length > 0);
    expect(count('serviceStarted')).toBe(1);
  });

  it('is not started again behind the back of a group that goes down', async () => {
    const { group, ends, count, fail } = await groupOf(startedHere({ restart: { max: 2, delayMs: 60_000 } }));
    await fail(3);
    await until(() => count('serviceExited') === 1);
    await group[Symbol.asyncDispose]();
    expect([group.live, ends, count('serviceStarted')]).toEqual([[], [], 1]);
  });
});

describe('somebody else’s process', () => {
  it('is looked at by its pid, and outlives the group', async () => {
    const { group } = await groupOf(serviceOf({ process: { kind: 'pid', pid: process.pid } }, {}));
    expect(group.processes('s')).toEqual([{ name: 's-1', pid: process.pid, startTicks: expect.any(String) }]);
    expect(group.live).toEqual([]);
    await group[Symbol.asyncDispose]();
    expect(process.kill(process.pid, 0)).toBe(true);
  });

  it('that does not run ends the run before it begins', async () => {
    await expect(groupOf(serviceOf({ process: { kind: 'pid', pid: 4_194_303 } }, {}))).rejects.toMatchObject({
      code: 'SERVICE_NOT_READY',
      message: expect.stringContaining('there is no process 4194303'),
    });
  });
});

describe('limits', () => {
  it('that this machine does not allow are told of, and the run goes on; those that it allows are no news', async () => {
    const { group, noted } = await groupOf(startedHere({ limits: { memoryBytes: 512 * 1024 * 1024 } }));
    await using _group = group;
    const notes = noted.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    const [own] = group.processes('s-1');
    expect(isInGroup(own?.pid ?? 0, String(own?.pid))).toBe(notes.length === 0);
    expect(notes.every((text) => text.startsWith('limits of s-1 are not in force: '))).toBe(true);
  });
});
