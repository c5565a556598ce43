import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packBatch, pathOfBatch, unpackBatch } from '../../../src/orchestrator/fleet/batch.js';
import type { ShippedObservation } from '../../../src/orchestrator/fleet/read-observation.js';
import { exchangeAt, faultAt } from '../../support/fleet/observations.js';

const head = { run: 'run-1', agent: 'host-7', stream: 's1', batch: 3, from: 11, isLast: false };

describe('a batch of observations', () => {
  it('comes out as it was packed', async () => {
    const observations = [exchangeAt(1_000), faultAt(1_001.25, 'applied')];
    const batch = await unpackBatch(await packBatch(head, observations));
    expect(batch).toEqual({ head: { format: 1, count: 2, ...head }, observations, unreadable: 0 });
  });

  it('may be empty, to say that nothing follows', async () => {
    const batch = await unpackBatch(await packBatch({ ...head, isLast: true }, []));
    expect(batch.head).toMatchObject({ count: 0, isLast: true });
  });

  it('counts lines that are no observations, and words that only people say', async () => {
    const note = { kind: 'note', run: 'run-1', by: 'somebody', atMs: 1, text: 'hello' } as unknown as ShippedObservation;
    const broken = { kind: 'exchange', link: 'a->b' } as unknown as ShippedObservation;
    const batch = await unpackBatch(await packBatch(head, [exchangeAt(1), broken, note]));
    expect(batch).toMatchObject({ observations: [{ kind: 'exchange' }], unreadable: 2 });
  });

  it.each([
    ['no gzip', Buffer.from('hello')],
    ['no head', gzipSync('hello')],
    ['a head that leaves the folder', gzipSync(JSON.stringify({ format: 1, ...head, run: '../etc', count: 0 }))],
    ['another format', gzipSync(JSON.stringify({ ...head, format: 2, count: 0 }))],
    ['fewer lines than it says', gzipSync(JSON.stringify({ format: 1, ...head, count: 2 }))],
    ['a bomb', gzipSync(Buffer.alloc(80 * 1024 * 1024))],
  ])('is refused where it is %s', async (_, bytes) => {
    await expect(unpackBatch(bytes)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('is refused, never believed and never a crash, where bytes of it changed', async () => {
    const bytes = await packBatch(head, [exchangeAt(1), exchangeAt(2)]);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const read = await unpackBatch(changed).catch((error: unknown) => error);
        // The head of gzip says when and on what system, which nobody checks.
        if (!(read instanceof Error)) expect(read).toMatchObject({ head, unreadable: 0 });
      }),
    );
  });

  it('has a place of its own below a folder or a URL', () => {
    expect(pathOfBatch(head, 3)).toBe('run-1/host-7/s1/3.ndjson.gz');
  });
});
