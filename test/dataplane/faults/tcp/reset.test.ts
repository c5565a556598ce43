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

test('on the first data: an idle connection is left alone, and what triggers it never arrives', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(reset, { value: { trigger: 'data', after: '300ms' } })]);
  pipeline.push({ kind: 'open' });
  clock.advance(3_600e3);
  expect(sink.log).toEqual(['open']);
  pipeline.push(data('a'));
  clock.advance(299);
  pipeline.push(data('b'));
  expect(sink.log).toEqual(['open']);
  clock.advance(1);
  expect(sink.log).toEqual(['open', 'reset']);
  expect(clock.pending).toBe(0);
});

test('on the first data: an end is data enough', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(reset, { value: { trigger: 'data' }, isNew: false, direction: 'down' })]);
  expect(sink.log).toEqual([]);
  pipeline.push({ kind: 'end' });
  expect(sink.log).toEqual(['reset']);
});

test('removed while it counts, it lets go of what it held, in order', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(reset, { value: { afterBytes: '3B', after: '1s' } })]);
  pipeline.push(data('ab'));
  pipeline.push(data('cd'));
  pipeline.push(data('e'));
  expect(sink.log).toEqual(['data:ab', 'data:c']);
  pipeline.setStages([]);
  clock.advance(10_000);
  expect(sink.log).toEqual(['data:ab', 'data:c', 'data:d', 'data:e']);
  expect(clock.pending).toBe(0);
});

test.each([
  [
    ['ab', 'c'],
    ['data:ab', 'data:c', 'reset'],
  ],
  [['abcdef'], ['data:abc', 'reset']],
  [['ab'], ['data:ab']],
])('after three bytes: %j becomes %j', (chunks, log) => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(reset, { value: { afterBytes: '3B' } })]);
  for (const chunk of chunks) pipeline.push(data(chunk));
  expect(sink.log).toEqual(log);
});

test('the bytes that have passed are remembered when the number is changed', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  const after = (afterBytes: string) => ({ ...faultStage(reset, { value: { afterBytes }, isNew: false }), version: afterBytes });
  pipeline.setStages([after('9B')]);
  pipeline.push(data('abc'));
  pipeline.setStages([after('4B')]);
  pipeline.push(data('de'));
  expect(sink.log).toEqual(['data:abc', 'data:d', 'reset']);
});

test('a stream that ends before so many bytes ends in order', () => {
  const { pipeline, sink } = recordedPipeline(new VirtualClock());
  pipeline.setStages([faultStage(reset, { value: { afterBytes: '3B' } })]);
  pipeline.push(data('ab'));
  pipeline.push({ kind: 'end' });
  expect(sink.log).toEqual(['data:ab', 'end']);
});
