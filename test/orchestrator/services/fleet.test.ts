/** Real processes that fail when they are told to, and what becomes of them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import type { PlannedInstance, PlannedService } from '../../../src/experiment/plan.js';
import type { NewEvent } from '../../../src/journal/events.js';
import { Equipment } from '../../../src/orchestrator/services/equipment.js';
import { Fleet } from '../../../src/orchestrator/services/fleet.js';

/** Answers on its port, and ends with the code that it is asked for. */
const SERVER = `require('node:http').createServer((q, r) => { r.end('ok'); if (q.url !== '/') process.exit(Number(q.url.slice(1))); }).listen(process.env.PORT, '127.0.0.1')`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-'));
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

async function fleetOf(service: PlannedService) {
  const noted: NewEvent[] = [];
  const ends: string[] = [];
  const note = (event: NewEvent): void => void noted.push(event);
  const fleet = await Fleet.allocate(
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
  await fleet.start((text, instance) => (text === 'port' ? (fleet.address(instance).split(':')[1] ?? '') : text));
  await fleet.ready(new AbortController().signal);
  const fail = (code: number) => fetch(`http://${fleet.address('s-1')}/${code}`).catch(() => {});
  return { fleet, noted, ends, count, fail };
}
const until = (met: () => boolean) => vi.waitFor(() => expect(met()).toBe(true), { timeout: 20_000, interval: 20 });

describe('files of a service', () => {
  it('are in its folder when it starts, with their templates filled in, and again when it is started anew', async () => {
    const file = join(folder, 'data', 's-1', 'now', 's.conf');
    const { fleet } = await fleetOf(startedHere({ files: { 's.conf': 'port' }, data: {} }));
    await using _fleet = fleet;
    expect(await readFile(file, 'utf8')).toBe(fleet.address('s-1').split(':')[1]);
    await rm(file);
    await fleet.kill('s-1');
    await fleet.revive('s-1');
    expect(await readFile(file, 'utf8')).toBe(fleet.address('s-1').split(':')[1]);
  }, 30_000);
});

describe('a service that fails by itself', () => {
  it('ends the run, where nothing is said', async () => {
    const { fleet, ends, count, fail } = await fleetOf(startedHere({}));
    await using _fleet = fleet;
    await fail(3);
    await until(() => ends.length > 0);
    expect([ends, count('serviceStarted')]).toEqual([['s-1: exit code 3'], 1]);
  });

  it('is started again where that is said, so many times, at the same address, and then ends the run', async () => {
    const { fleet, ends, count, fail } = await fleetOf(startedHere({ restart: { max: 2, delayMs: 10 } }));
    await using _fleet = fleet;
    const address = fleet.address('s-1');
    for (const ready of [2, 3]) {
      await fail(3);
      await until(() => count('serviceReady') === ready);
    }
    expect([fleet.address('s-1'), ends]).toEqual([address, []]);
    await fail(3);
    await until(() => ends.length > 0);
    expect([ends, count('serviceStarted')]).toEqual([['s-1: exit code 3, after 2 restarts'], 3]);
  });

  it('is not started again when it ends well: that is no failure, but it is gone', async () => {
    const { fleet, ends, count, fail } = await fleetOf(startedHere({ restart: { max: 2, delayMs: 10 } }));
    await using _fleet = fleet;
    await fail(0);
    await until(() => ends.length > 0);
    expect(count('serviceStarted')).toBe(1);
  });

  it('is not started again behind the back of a fleet that goes down', async () => {
    const { fleet, ends, count, fail } = await fleetOf(startedHere({ restart: { max: 2, delayMs: 60_000 } }));
    await fail(3);
    await until(() => count('serviceExited') === 1);
    await fleet[Symbol.asyncDispose]();
    expect([fleet.live, ends, count('serviceStarted')]).toEqual([[], [], 1]);
  });
});

describe('somebody else’s process', () => {
  it('is looked at by its pid, and outlives the fleet', async () => {
    const { fleet } = await fleetOf(serviceOf({ process: { kind: 'pid', pid: process.pid } }, {}));
    expect(fleet.processes('s')).toEqual([{ name: 's-1', pid: process.pid, startTicks: expect.any(String) }]);
    expect(fleet.live).toEqual([]);
    await fleet[Symbol.asyncDispose]();
    expect(process.kill(process.pid, 0)).toBe(true);
  });

  it('that does not run ends the run before it begins', async () => {
    await expect(fleetOf(serviceOf({ process: { kind: 'pid', pid: 4_194_303 } }, {}))).rejects.toMatchObject({
      code: 'SERVICE_NOT_READY',
      message: expect.stringContaining('there is no process 4194303'),
    });
  });
});

describe('limits', () => {
  it('that this machine does not allow are told of, and the run goes on; those that it allows are no news', async () => {
    const { fleet, noted } = await fleetOf(startedHere({ limits: { memoryBytes: 512 * 1024 * 1024 } }));
    await using _fleet = fleet;
    const notes = noted.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes.every((text) => text.startsWith('limits of s-1 are not in force: '))).toBe(true);
  });
});
