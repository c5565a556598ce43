import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { Segments } from '../../../src/agent/shipping/segments.js';
import { ship } from '../../../src/agent/shipping/ship.js';
import { hostClock } from '../../../src/core/clock.js';
import { ObservationRing } from '../../../src/dataplane/observation-ring.js';
import { pathOfBatch, unpackBatch } from '../../../src/orchestrator/fleet/batch.js';
import { fetchFromFolder } from '../../../src/orchestrator/fleet/batch-collector.js';
import { exchangeAt } from '../../support/fleet/observations.js';

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-ship-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it('an agent that was started anew ships what the one before has left, and then its own from when the run began here', async () => {
  const [own, shared] = [folderOfTest(), folderOfTest()];
  const old = { run: 'run-1', agent: 'host-7', stream: '1-1' };
  const before = await Segments.open({ folder: join(own, 'observations'), stream: old });
  await before.add([exchangeAt(1), exchangeAt(2)]);

  const observations = new ObservationRing(hostClock);
  observations.push(exchangeAt(3));
  const orders = { run: 'run-1', ingest: { url: pathToFileURL(shared).href, token: '' } };
  const said: string[] = [];
  const shipping = await ship({ clock: hostClock, daemon: { observations }, agent: 'host-7', say: (line) => said.push(line) }, orders, own);
  observations.push(exchangeAt(4));
  await shipping.end();

  const fetch = fetchFromFolder(shared);
  const starts = async (stream: string, batch: number) => {
    const bytes = await fetch(pathOfBatch({ ...old, stream }, batch), AbortSignal.timeout(1_000));
    const { observations: found } = await unpackBatch(bytes ?? Buffer.alloc(0));
    return found.map((one) => (one.kind === 'exchange' ? one.startMs : 0));
  };
  const [first = '', second = ''] = readdirSync(join(shared, 'run-1', 'host-7')).sort();
  expect(shipping.streams).toEqual([first, second]);
  expect(await starts(first, 1)).toEqual([1, 2]);
  expect(await starts(second, 1), 'shows that the way is open').toEqual([]);
  expect(await starts(second, 2)).toEqual([4]);
  await shipping.opened;
  expect(said).toEqual([]);
  expect(readdirSync(join(own, 'observations', 'run-1', 'host-7')), 'nothing stays on the host').toEqual([]);
});
