import { expect, test } from 'vitest';
import { halfOpen } from '../../../../src/dataplane/faults/tcp/half-open.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('nothing that is sent arrives, and no end is heard', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(halfOpen, { value: {} })]);
  for (const signal of [{ kind: 'open' } as const, data('a'), { kind: 'end' } as const]) pipeline.push(signal);
  clock.advance(24 * 3_600e3);
  expect(sink.log).toEqual(['open']);
  expect(pipeline.heldBytes).toBe(0);
});

test('the machine that comes back knows nothing of the connection', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(halfOpen, { value: {}, isNew: false })]);
  pipeline.push(data('a'));
  pipeline.setStages([]);
  expect(sink.log).toEqual(['reset']);
});
