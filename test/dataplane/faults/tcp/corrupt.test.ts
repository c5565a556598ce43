import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { corrupt } from '../../../../src/dataplane/faults/tcp/corrupt.js';
import { VirtualClock } from '../../../support/clock.js';
import { faultStage, recordedPipeline } from '../../../support/pipeline.js';

function corrupted(value: unknown, chunks: readonly Buffer[], seed = 1): Buffer {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(corrupt, { value, random: drawStream(keyedDraw({ seed, faultId: 'corrupt' }), 'test') })]);
  for (const bytes of chunks) pipeline.push({ kind: 'data', bytes });
  return sink.bytes;
}

const bitsSet = (byte: number): number => byte.toString(2).replaceAll('0', '').length;

test('hits the share of the bytes that was asked for, one bit each', () => {
  const out = corrupted({ rate: '1%' }, [Buffer.alloc(200_000)]);
  const hit = out.filter((byte) => byte !== 0);
  expect(Math.abs(hit.length - 2_000)).toBeLessThan(200);
  expect(new Set(Array.from(hit, bitsSet))).toEqual(new Set([1]));
  expect(new Set(hit).size, 'any of the eight bits').toBe(8);
});

test('every byte at 100 %, and none before so many have passed', () => {
  const out = corrupted({ rate: 100, afterBytes: '10B' }, [Buffer.alloc(15)]);
  expect(out.subarray(0, 10)).toEqual(Buffer.alloc(10));
  expect(Array.from(out.subarray(10), bitsSet)).toEqual([1, 1, 1, 1, 1]);
});

test('which bytes are hit does not depend on how the stream is cut', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }), (seed, sizes) => {
      const chunks = sizes.map((size) => Buffer.alloc(size));
      expect(corrupted({ rate: '5%' }, chunks, seed).equals(corrupted({ rate: '5%' }, [Buffer.concat(chunks)], seed))).toBe(true);
    }),
  );
});

test('other seeds hit other bytes, and the sender’s own bytes stay as they are', () => {
  const sent = Buffer.alloc(10_000);
  expect(corrupted({ rate: '1%' }, [sent], 1).equals(corrupted({ rate: '1%' }, [sent], 2))).toBe(false);
  expect(sent.equals(Buffer.alloc(10_000))).toBe(true);
});
