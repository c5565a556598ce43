import { expect, test } from 'vitest';
import { slowOpen } from '../../../../src/dataplane/faults/tcp/slow-open.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('the callee is dialled later, and what was sent meanwhile follows', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slowOpen, { value: { delay: '3s' } })]);
  pipeline.push({ kind: 'open' });
  pipeline.push(data('a'));
  clock.advance(2_999);
  expect(sink.log).toEqual([]);
  clock.advance(1);
  pipeline.push(data('b'));
  expect(sink.log).toEqual(['open', 'data:a', 'data:b']);
});

test('one that hangs is dialled when the fault goes', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(slowOpen, { value: { hang: true } })]);
  pipeline.push({ kind: 'open' });
  clock.advance(24 * 3_600e3);
  expect(sink.log).toEqual([]);
  expect(clock.pending).toBe(0);
  pipeline.setStages([]);
  expect(sink.log).toEqual(['open']);
});

test('a connection that is open already is left alone', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(slowOpen, { value: { delay: '3s' }, isNew: false })]);
  pipeline.push(data('a'));
  expect(sink.log).toEqual(['data:a']);
});

test.each([{}, { delay: '1s', hang: true }, { hang: false }])('%j is refused: one of the two', (value) => {
  expect(slowOpen.schema.safeParse(value).success).toBe(false);
});
