import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { slicer } from '../../../../src/dataplane/faults/tcp/slicer.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

const piecesIn = (log: readonly string[]): readonly string[] => log.filter((line) => line.startsWith('data:')).map((line) => line.slice(5));

test('a piece of one byte each', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slicer, { value: { averageSize: '1B' } })]);
  pipeline.push(data('abcdefghijklmnopqrstuvwx'));
  expect(piecesIn(sink.log)).toEqual('abcdefghijklmnopqrstuvwx'.split(''));
});

test('a delay after each piece, the last one too', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slicer, { value: { averageSize: '10B', delay: '20ms' } })]);
  const at: number[] = [];
  const deliver = sink.data.bind(sink);
  sink.data = (bytes) => {
    at.push(clock.nowMs() - 1_000);
    return deliver(bytes);
  };
  pipeline.push({ kind: 'data', bytes: Buffer.alloc(40) });
  clock.advance(61);
  pipeline.push(data('x'));
  pipeline.push({ kind: 'end' });
  clock.advance(19);
  expect(at).toEqual([0, 20, 40, 60, 80]);
  expect(sink.log.at(-1), 'no further bytes stand before the end').toBe('end');
});

test('an end that comes within the last delay waits for it', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slicer, { value: { averageSize: '10B', delay: '20ms' } })]);
  pipeline.push(data('x'));
  pipeline.push({ kind: 'end' });
  clock.advance(19);
  expect(sink.log).toEqual(['data:x']);
  clock.advance(1);
  expect(sink.log).toEqual(['data:x', 'end']);
  expect(clock.pending).toBe(0);
});

test('480,000 bytes at 1024 ± 512 are about 470 pieces', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  const random = drawStream(keyedDraw({ seed: 3, faultId: 'slicer' }), 'test');
  pipeline.setStages([faultStage(slicer, { value: { averageSize: '1024B', sizeVariation: '512B' }, random })]);
  pipeline.push({ kind: 'data', bytes: Buffer.alloc(480_000, 'x') });
  clock.advance(100);
  const sizes = piecesIn(sink.log).map((piece) => piece.length);
  expect(sizes.length).toBeGreaterThan(440);
  expect(sizes.length).toBeLessThan(500);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_536);
  expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(512);
});

test('many pieces leave in several turns, so that nobody else has to wait for all of them', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slicer, { value: { averageSize: '1B' } })]);
  pipeline.push({ kind: 'data', bytes: Buffer.alloc(10_000) });
  expect(sink.bytes.length).toBeLessThan(1_000);
  clock.advance(1);
  expect(sink.bytes).toHaveLength(10_000);
});

test('whatever the sizes, the bytes are the same in the end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 400 }),
      fc.array(fc.string({ minLength: 1, maxLength: 300 }), { maxLength: 10 }),
      fc.boolean(),
      fc.nat(),
      (averageSize, sizeVariation, texts, isDelayed, seed) => {
        const clock = new VirtualClock();
        const { pipeline, sink } = recordedPipeline(clock);
        const value = { averageSize: `${averageSize}B`, sizeVariation: `${sizeVariation}B`, delay: isDelayed ? '1ms' : '0ms' };
        pipeline.setStages([faultStage(slicer, { value, random: drawStream(keyedDraw({ seed, faultId: 'slicer' }), 'test') })]);
        for (const text of texts) pipeline.push({ kind: 'data', bytes: Buffer.from(text) });
        pipeline.push({ kind: 'end' });
        clock.advance(10_000);
        expect(sink.bytes.equals(Buffer.concat(texts.map((text) => Buffer.from(text))))).toBe(true);
        expect(sink.log.at(-1)).toBe('end');
        expect(clock.pending).toBe(0);
      },
    ),
  );
});

test.each([{}, { averageSize: '0B' }, { averageSize: '0.4B' }, { averageSize: '-1B' }])('%j is refused: a piece has bytes', (value) => {
  expect(slicer.schema.safeParse(value).success).toBe(false);
});
