import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { carrierTo } from '../../../src/agent/shipping/carrier.js';
import { Segments } from '../../../src/agent/shipping/segments.js';
import { Shipper } from '../../../src/agent/shipping/shipper.js';
import { hostClock } from '../../../src/core/clock.js';
import { LabError } from '../../../src/core/errors.js';
import { ObservationRing } from '../../../src/dataplane/observation-ring.js';
import { BatchCollector, type FetchBatch, fetchFromFolder, fetchFromStore } from '../../../src/orchestrator/fleet/batch-collector.js';
import { ClockOffset } from '../../../src/orchestrator/fleet/clock-offset.js';
import { IngestServer } from '../../../src/orchestrator/fleet/ingest-server.js';
import { ObservationIntake } from '../../../src/orchestrator/fleet/observation-intake.js';
import { exchangeAt, faultAt } from '../../support/fleet/observations.js';
import { forThisTest } from '../../support/for-this-test.js';
import { until } from '../../support/tcp.js';

const stream = { run: 'run-1', agent: 'host-7', stream: 's1' };

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-shipper-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An orchestrator's end: what it takes, and its server. */
async function ingestOf({ offsetMs = 0 } = {}) {
  const clock = new ClockOffset();
  const intake = new ObservationIntake({ clock: hostClock, run: 'run-1', offsetOf: () => ({ offsetMs, boundMs: 0 }) });
  const server = forThisTest(
    new IngestServer({
      clock: hostClock,
      take: (batch) => intake.take(batch),
      onRoundTrip: (_, trip) => clock.addTheirs(trip),
      onError: (error) => {
        throw error;
      },
    }),
  );
  const port = await server.listen({ host: '127.0.0.1' });
  return { intake, server, clock, url: `http://127.0.0.1:${port}` };
}

async function startsOf(intake: ObservationIntake): Promise<{ starts: readonly number[]; lost: number }> {
  const { observations, lost } = await intake.observations({ after: 0, waitMs: 0, signal: AbortSignal.timeout(1_000) });
  return { starts: observations.flatMap((one) => (one.kind === 'exchange' ? [one.startMs] : [])), lost };
}

interface Ship {
  url: string;
  token?: string;
  ring?: ObservationRing;
  bytesMax?: number;
  failures?: unknown[];
}

async function ship({ url, token, ring = new ObservationRing(hostClock), bytesMax = 1e9, failures = [] }: Ship) {
  const segments = await Segments.open({ folder: folderOfTest(), stream, bytesMax });
  const carry = carrierTo({ url, token }, hostClock);
  const shipper = forThisTest(
    new Shipper({ clock: hostClock, ring, segments, carry, onFailure: (error) => failures.push(error) }, ring.newest),
  );
  return { ring, segments, shipper };
}

describe('observations of an agent on their way to the orchestrator', () => {
  it('arrive in order, once, on the clock of the run, and tell how far the clocks are apart', async () => {
    const { intake, server, clock, url } = await ingestOf({ offsetMs: 1_000_000 });
    const { ring, shipper } = await ship({ url, token: server.token });
    ring.push(exchangeAt(1));
    ring.push(faultAt(2, 'applied'));
    await until('the first are there', () => intake.streams()[0]?.taken === 2);
    ring.push(exchangeAt(3));
    expect(await shipper.finish({ withinMs: 5_000 })).toEqual({ leftBytes: 0 });
    expect(await startsOf(intake)).toEqual({ starts: [1_000_001, 1_000_003], lost: 0 });
    expect(intake.streams()).toMatchObject([{ agent: 'host-7', stream: 's1', taken: 3, lost: 0, hasEnded: true }]);
    const estimate = clock.estimate(hostClock.nowMs());
    expect(Math.abs(estimate?.offsetMs ?? Number.NaN), 'both ends are on this machine').toBeLessThanOrEqual(
      estimate?.boundMs ?? Number.NaN,
    );
  });

  it('wait on the disk while nobody can be reached, and lose nothing', async () => {
    const failures: unknown[] = [];
    const { intake, server } = await ingestOf();
    const door = createServer();
    door.listen(0, '127.0.0.1');
    const { port } = await new Promise<AddressInfo>((resolve) => door.once('listening', () => resolve(door.address() as AddressInfo)));
    await new Promise((resolve) => door.close(resolve));
    const { ring, segments, shipper } = await ship({ url: `http://127.0.0.1:${port}`, token: server.token, failures });
    for (let n = 1; n <= 300; n++) ring.push(exchangeAt(n));
    await until('it was tried in vain', () => failures.length > 1 && segments.heldBytes > 0);
    // The same address, a while later.
    const ports = { clock: hostClock, token: server.token, onRoundTrip: () => {}, onError: () => {} };
    const late = forThisTest(new IngestServer({ ...ports, take: (batch) => intake.take(batch) }));
    await late.listen({ host: '127.0.0.1', port });
    expect(await shipper.finish({ withinMs: 20_000 })).toEqual({ leftBytes: 0 });
    const { starts, lost } = await startsOf(intake);
    expect({ count: starts.length, isInOrder: starts.every((ms, i) => ms === i + 1), lost }).toEqual({
      count: 300,
      isInOrder: true,
      lost: 0,
    });
  });

  it('are counted where the disk had no room, and where they were overwritten before', async () => {
    const { intake, server, url } = await ingestOf();
    const { ring, shipper } = await ship({ url, token: server.token, ring: new ObservationRing(hostClock, 10), bytesMax: 1 });
    for (let n = 1; n <= 25; n++) ring.push(exchangeAt(n));
    await shipper.finish({ withinMs: 5_000 });
    expect(intake.streams()).toMatchObject([{ taken: 0, lost: 25, hasEnded: true }]);
    expect(await startsOf(intake)).toEqual({ starts: [], lost: 25 });
    expect((await startsOf(intake)).lost, 'a loss is told once').toBe(0);
  });

  it('are not taken without the token, nor of another run, nor anything that is no batch', async () => {
    const { intake, server, url } = await ingestOf();
    const failures: unknown[] = [];
    const { ring, shipper } = await ship({ url, token: 'guessed', failures });
    ring.push(exchangeAt(1));
    await until('it was refused', () => failures.length > 0);
    expect(String(failures[0])).toContain('401');
    expect((await shipper.finish({ withinMs: 10 })).leftBytes, 'they stay for when the token is right').toBeGreaterThan(0);
    const post = (path: string, body: string) =>
      fetch(url + path, { method: 'POST', body, headers: { authorization: `Bearer ${server.token}` } });
    expect((await post('/v1/batches', 'hello')).status).toBe(400);
    expect((await post('/v1/faults', '{}')).status).toBe(400);
    expect((await post('/v1/batches', 'x'.repeat(9 * 1024 * 1024)).catch(() => ({ status: 400 }))).status).toBe(400);
    expect(() =>
      intake.take({
        head: { ...stream, run: 'run-2', format: 1, batch: 1, from: 1, count: 0, isLast: false },
        observations: [],
        unreadable: 0,
      }),
    ).toThrow(LabError);
    expect(intake.streams()).toEqual([]);
  });

  it('are sent away while too many wait to be read, and come again', () => {
    const intake = new ObservationIntake({ clock: hostClock, run: 'run-1', offsetOf: () => undefined });
    const observations = Array.from({ length: 5_000 }, (_, i) => exchangeAt(i));
    const take = (batch: number): void => {
      const head = { ...stream, format: 1, batch, from: (batch - 1) * 5_000 + 1, count: 5_000, isLast: false } as const;
      intake.take({ head, observations, unreadable: 0 });
    };
    for (let n = 1; n <= 21; n++) take(n);
    expect(() => take(22)).toThrow('bound');
    expect(intake.streams()).toMatchObject([{ taken: 105_000, lost: 0 }]);
  });
});

describe('observations of an agent by way of others', () => {
  it('go through a shared folder', async () => {
    const folder = folderOfTest();
    await roundTrip({ url: pathToFileURL(folder).href, fetch: fetchFromFolder(folder) });
  });

  it('go through a store of objects that knows PUT and GET', async () => {
    const objects = new Map<string, Buffer>();
    const store = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const path = request.url ?? '';
        if (request.method === 'PUT') objects.set(path, Buffer.concat(pieces));
        const found = objects.get(path);
        response.writeHead(found === undefined ? 404 : 200).end(found);
      });
    });
    store.listen(0, '127.0.0.1');
    const { port } = await new Promise<AddressInfo>((resolve) => store.once('listening', () => resolve(store.address() as AddressInfo)));
    onTestFinished(() => void store.close());
    const url = `http://127.0.0.1:${port}/lab`;
    await roundTrip({ url: `object+${url}`, fetch: fetchFromStore({ url }) });
    expect([...objects.keys()][0]).toBe('/lab/run-1/host-7/s1/1.ndjson.gz');
  });

  it('are refused to go anywhere else', () => {
    expect(() => carrierTo({ url: 'ftp://x/' }, hostClock)).toThrow('ftp://x/');
    expect(() => carrierTo({ url: 'folder' }, hostClock)).toThrow('file://');
  });

  async function roundTrip({ url, fetch }: { url: string; fetch: FetchBatch }): Promise<void> {
    const intake = new ObservationIntake({ clock: hostClock, run: 'run-1', offsetOf: () => undefined });
    const { ring, shipper } = await ship({ url });
    for (let n = 1; n <= 7; n++) ring.push(exchangeAt(n));
    expect(await shipper.finish({ withinMs: 5_000 })).toEqual({ leftBytes: 0 });
    const failures: unknown[] = [];
    forThisTest(
      new BatchCollector({
        clock: hostClock,
        fetch,
        streams: () => [stream],
        take: (batch) => intake.take(batch),
        onFailure: (error) => failures.push(error),
      }),
    );
    await until('the last batch is there', () => intake.streams()[0]?.hasEnded === true);
    expect(await startsOf(intake)).toEqual({ starts: [1, 2, 3, 4, 5, 6, 7], lost: 0 });
    expect(failures).toEqual([]);
  }
});
