import { expect, test } from 'vitest';
import { flap } from '../../../../src/dataplane/faults/tcp/flap.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('gone, there, gone: what comes meanwhile goes on when the link is back', () => {
  const clock = new VirtualClock({ startMs: 1_000 });
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(flap, { value: { up: '300ms', down: '100ms' }, sinceMs: 1_000 })]);
  const at = (ms: number, text: string): void => {
    clock.advance(1_000 + ms - clock.nowMs());
    pipeline.push(data(text));
  };
  at(0, 'a');
  at(50, 'b');
  at(99, 'c');
  expect(sink.log).toEqual([]);
  at(100, 'd');
  at(399, 'e');
  expect(sink.bytes.toString()).toBe('abcde');
  at(400, 'f');
  expect(sink.bytes.toString()).toBe('abcde');
  clock.advance(100);
  expect(sink.bytes.toString()).toBe('abcdef');
  expect(clock.pending).toBe(0);
});

test('a connection that comes later meets the same times', () => {
  const clock = new VirtualClock({ startMs: 1_350 });
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(flap, { value: { up: '300ms', down: '100ms' }, sinceMs: 1_000 })]);
  pipeline.push({ kind: 'open' });
  expect(sink.log).toEqual(['open']);
  clock.advance(60);
  pipeline.push(data('a'));
  expect(sink.log).toEqual(['open']);
  clock.advance(90);
  expect(sink.log).toEqual(['open', 'data:a']);
});
