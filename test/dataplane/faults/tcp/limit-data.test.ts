import { expect, test } from 'vitest';
import { limitData } from '../../../../src/dataplane/faults/tcp/limit-data.js';
import { slicer } from '../../../../src/dataplane/faults/tcp/slicer.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

function logOf(bytes: string, sizes: readonly number[]): { byteCount: number; last: string | undefined } {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(limitData, { value: { bytes } })]);
  for (const size of sizes) pipeline.push({ kind: 'data', bytes: Buffer.alloc(size) });
  return { byteCount: sink.bytes.length, last: sink.log.at(-1) };
}

test.each([
  ['a chunk smaller than the limit', [99], 99, 'data'],
  ['a chunk that matches it', [100], 100, 'close'],
  ['a chunk bigger than it', [150], 100, 'close'],
  ['chunks that match it together', [25, 25, 25, 25], 100, 'close'],
  ['a second chunk that goes beyond it', [90, 20], 100, 'close'],
  ['what comes afterwards', [100, 50], 100, 'close'],
] as const)('%s', (_title, sizes, byteCount, last) => {
  const seen = logOf('100B', sizes);
  expect(seen.byteCount).toBe(byteCount);
  expect(seen.last?.startsWith(last)).toBe(true);
});

test('a limit of zero leaves idle connections alone, and the first data closes', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(limitData, { value: { bytes: '0B' } })]);
  pipeline.push({ kind: 'open' });
  expect(sink.log).toEqual(['open']);
  pipeline.push(data('a'));
  expect(sink.log).toEqual(['open', 'close']);
});

test('an end within the limit passes', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(limitData, { value: { bytes: '100B' } })]);
  pipeline.push(data('a'));
  pipeline.push({ kind: 'end' });
  expect(sink.log).toEqual(['data:a', 'end']);
});

test('stages behind it still send what they hold', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([
    faultStage(limitData, { value: { bytes: '5B' } }),
    faultStage(slicer, { value: { averageSize: '2B', delay: '1ms' } }),
  ]);
  pipeline.push(data('abcdefgh'));
  clock.advance(10);
  expect(sink.log).toEqual(['data:ab', 'data:cd', 'data:e', 'close']);
});
