import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Segments } from '../../../src/agent/shipping/segments.js';
import { unpackBatch } from '../../../src/orchestrator/fleet/batch.js';
import { StreamIntake } from '../../../src/orchestrator/fleet/stream-intake.js';
import { exchangeAt } from '../../support/fleet/observations.js';

const stream = { run: 'run-1', agent: 'host-7', stream: 's1' };

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-segments-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Hands everything over, as a shipper would. */
async function handOver(segments: Segments): Promise<{ starts: readonly number[]; intake: StreamIntake }> {
  const intake = new StreamIntake();
  const starts: number[] = [];
  for (let segment = await segments.oldest(); segment !== undefined; segment = await segments.oldest()) {
    for (const one of intake.take(await unpackBatch(segment.bytes))) starts.push((one as { startMs: number }).startMs);
    await segments.remove(segment.batch);
  }
  return { starts, intake };
}

describe('segments on the disk of an agent', () => {
  it('give back what they were given, in order, and leave nothing', async () => {
    const folder = folderOfTest();
    const segments = await Segments.open({ folder, stream });
    await segments.add([exchangeAt(1), exchangeAt(2)]);
    await segments.add([exchangeAt(3)]);
    await segments.add([], { isLast: true });
    const { starts, intake } = await handOver(segments);
    expect(starts).toEqual([1, 2, 3]);
    expect(intake).toMatchObject({ lost: 0, hasEnded: true });
    expect(segments.heldBytes).toBe(0);
    expect(readdirSync(join(folder, 'run-1', 'host-7', 's1'))).toEqual([]);
  });

  it('count what there is no room for, and go on when there is', async () => {
    const segments = await Segments.open({ folder: folderOfTest(), stream, bytesMax: 300 });
    expect(await segments.add([exchangeAt(1)])).toBe(true);
    expect(await segments.add([exchangeAt(2), exchangeAt(3)])).toBe(false);
    const first = await segments.oldest();
    await segments.remove(first?.batch ?? 0);
    expect(await segments.add([exchangeAt(4)])).toBe(true);
    expect(segments.dropped).toBe(2);
    const { starts, intake } = await handOver(segments);
    expect(starts).toEqual([4]);
    // One of the three is the batch that was handed over above.
    expect(intake.lost).toBe(3);
  });

  it('tell of a loss at the very end, too', async () => {
    const segments = await Segments.open({ folder: folderOfTest(), stream, bytesMax: 1 });
    await segments.add([exchangeAt(1)]);
    segments.skip(4);
    await segments.add([], { isLast: true });
    const { intake } = await handOver(segments);
    expect(intake).toMatchObject({ lost: 5, hasEnded: true });
  });

  it('are found again by an agent that was started anew, but for what it died over', async () => {
    const folder = folderOfTest();
    const before = await Segments.open({ folder, stream });
    for (let n = 1; n <= 12; n++) await before.add([exchangeAt(n)]);
    writeFileSync(join(folder, 'run-1', 'host-7', 's1', '13.ndjson.gz.part'), 'half');
    expect(await Segments.left(folder, stream)).toEqual([stream]);
    const { starts, intake } = await handOver(await Segments.open({ folder, stream }));
    expect(starts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(intake.hasEnded, 'what it had not written is lost, nobody knows how much').toBe(false);
  });

  it('of a run that never was are none', async () => {
    expect(await Segments.left(folderOfTest(), stream)).toEqual([]);
  });
});
