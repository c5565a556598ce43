import { expect, test } from 'vitest';
import { reset } from '../../../../src/dataplane/faults/tcp/reset.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('cuts a new connection before it is dialled', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(reset, { value: {} })]);
  pipeline.push({ kind: 'open' });
  expect(sink.log).toEqual(['reset']);
});

test.each([
  { direction: 'up', isNew: false },
  { direction: 'down', isNew: true },
  { direction: 'down', isNew: false },
] as const)('cuts at once where no opening will come: $direction, new $isNew', (context) => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(reset, { value: {}, ...context })]);
  expect(sink.log).toEqual(['reset']);
});

test('after a while: bytes flow until then, and later bytes do not put it off', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(reset, { value: { after: '2s' } })]);
  pipeline.push({ kind: 'open' });
  clock.advance(1_500);
  pipeline.push(data('a'));
  clock.advance(499);
  expect(sink.log).toEqual(['open', 'data:a']);
  clock.advance(1);
  expect(sink.log).toEqual(['open', 'data:a', 'reset']);
});

test('removed in time, it never happens', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(reset, { value: { after: '2s' }, isNew: false })]);
  pipeline.setStages([]);
  clock.advance(10_000);
  expect(sink.log).toEqual([]);
  expect(clock.pending).toBe(0);
});
