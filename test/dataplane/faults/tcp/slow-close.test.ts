import { expect, test } from 'vitest';
import { slowClose } from '../../../../src/dataplane/faults/tcp/slow-close.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('data passes at once, the end is told later', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slowClose, { value: { delay: '2s' } })]);
  for (const signal of [{ kind: 'open' } as const, data('a'), { kind: 'end' } as const]) pipeline.push(signal);
  clock.advance(1_999);
  expect(sink.log).toEqual(['open', 'data:a']);
  clock.advance(1);
  expect(sink.log).toEqual(['open', 'data:a', 'end']);
});

test('removed meanwhile, the end is told at once', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slowClose, { value: { delay: '2s' } })]);
  pipeline.push({ kind: 'end' });
  pipeline.setStages([]);
  expect(sink.log).toEqual(['end']);
});
