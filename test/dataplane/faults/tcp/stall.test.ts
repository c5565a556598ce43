import { expect, test } from 'vitest';
import { stall } from '../../../../src/dataplane/faults/tcp/stall.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

function stalled(value: unknown, given: { direction?: 'up' | 'down'; isNew?: boolean } = {}) {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(stall, { value, ...given })]);
  return { clock, pipeline, sink };
}

test('data is thrown away, and the connection closes after so long a silence', () => {
  const { clock, pipeline, sink } = stalled({ timeout: '400ms' });
  pipeline.push({ kind: 'open' });
  for (let i = 0; i < 6; i++) {
    clock.advance(250);
    pipeline.push(data('x'));
  }
  clock.advance(399);
  expect(sink.log).toEqual(['open']);
  clock.advance(1);
  expect(sink.log).toEqual(['open', 'close']);
  expect(clock.pending).toBe(0);
});

test.each([
  { direction: 'down', isNew: true },
  { direction: 'up', isNew: false },
] as const)('the clock starts with the connection or the fault: $direction, new $isNew', (context) => {
  const { clock, sink } = stalled({ timeout: '100ms' }, context);
  clock.advance(99);
  expect(sink.log).toEqual([]);
  clock.advance(1);
  expect(sink.log).toEqual(['close']);
});

test('a timeout of 0 never closes by itself', () => {
  const { clock, pipeline, sink } = stalled({});
  pipeline.push(data('x'));
  clock.advance(24 * 3_600e3);
  expect(sink.log).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('when the source ends, so does the target, at once', () => {
  const { pipeline, sink } = stalled({ timeout: '400ms' });
  pipeline.push(data('x'));
  pipeline.push({ kind: 'end' });
  expect(sink.log).toEqual(['end']);
});

test('removal closes the connection, because bytes are missing', () => {
  const { clock, pipeline, sink } = stalled({ timeout: '400ms' });
  pipeline.push(data('x'));
  pipeline.setStages([]);
  expect(sink.log).toEqual(['close']);
  expect(clock.pending).toBe(0);
});
