import { expect, test } from 'vitest';
import { refuse } from '../../../../src/dataplane/faults/tcp/refuse.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('a new connection is cut before it is dialled', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(refuse, { value: {} })]);
  pipeline.push({ kind: 'open' });
  expect(sink.log).toEqual(['reset']);
});

test('on the way down, too', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(refuse, { value: {}, direction: 'down' })]);
  expect(sink.log).toEqual(['reset']);
});

test.each(['up', 'down'] as const)('one that exists goes on, %s', (direction) => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(refuse, { value: {}, direction, isNew: false })]);
  pipeline.push(data('a'));
  pipeline.push({ kind: 'end' });
  expect(sink.log).toEqual(['data:a', 'end']);
});
