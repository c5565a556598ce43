import { expect, test } from 'vitest';
import { blackhole } from '../../../../src/dataplane/faults/tcp/blackhole.js';
import { VirtualClock } from '../../../support/clock.js';
import { effectsOf } from '../../../support/effects.js';
import { contextOf, data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

test('holds everything for ever, the opening too', () => {
  const transform = blackhole.open({}, contextOf());
  for (const signal of [{ kind: 'open' } as const, data('a'), { kind: 'end' } as const])
    expect(effectsOf(transform, signal)).toEqual(['pass Infinity']);
});

test('loses nothing: after a day, removal releases all of it in order', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(blackhole, { value: {} })]);
  for (const signal of [{ kind: 'open' } as const, data('a'), data('b'), { kind: 'end' } as const]) pipeline.push(signal);
  clock.advance(24 * 3_600e3);
  expect(sink.log).toEqual([]);
  pipeline.setStages([]);
  expect(sink.log).toEqual(['open', 'data:a', 'data:b', 'end']);
});
