import { expect, test } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { latency } from '../../../../src/dataplane/faults/tcp/latency.js';
import { VirtualClock } from '../../../support/clock.js';
import { effectsOf } from '../../../support/effects.js';
import { contextOf, data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

type Value = Parameters<typeof latency.schema.parse>[0];
const open = (value: Value, random: () => number = () => 0.5) => latency.open(latency.schema.parse(value), contextOf({ random }));

test('holds every signal for the same time, the opening and the end too', () => {
  const transform = open({ latency: '100ms' });
  for (const signal of [{ kind: 'open' } as const, data('a'), { kind: 'end' } as const])
    expect(effectsOf(transform, signal)).toEqual(['pass 100']);
});

test('jitter is uniform to both sides', () => {
  const draws = [0, 0.25, 0.5, 0.75];
  const transform = open({ latency: '100ms', jitter: '20ms' }, () => draws.shift() ?? 0);
  const delays = [1, 2, 3, 4].flatMap(() => effectsOf(transform, data('a')));
  expect(delays).toEqual(['pass 80', 'pass 90', 'pass 100', 'pass 110']);
});

test('jitter larger than the latency never makes a delay negative', () => {
  const transform = open({ latency: '5ms', jitter: '20ms' }, () => 0);
  expect(effectsOf(transform, data('a'))).toEqual(['pass 0']);
});

test.each(['normal', 'lognormal', 'pareto'])('%s delays have the mean that was asked for', (distribution) => {
  const random = drawStream(keyedDraw({ seed: 7, faultId: 'latency' }), 'test');
  const transform = open({ latency: '100ms', jitter: '20ms', distribution }, random);
  const delays = Array.from({ length: 10_000 }, () => Number(effectsOf(transform, data('a'))[0]?.slice('pass '.length)));
  expect(Math.abs(delays.reduce((sum, delay) => sum + delay, 0) / delays.length - 100)).toBeLessThan(2);
});

test('correlated delays walk, uncorrelated ones jump', () => {
  const meanStep = (correlation: number): number => {
    const random = drawStream(keyedDraw({ seed: 7, faultId: 'latency' }), 'test');
    const transform = open({ latency: '100ms', jitter: '50ms', correlation }, random);
    const delays = Array.from({ length: 2_000 }, () => Number(effectsOf(transform, data('a'))[0]?.slice('pass '.length)));
    return delays.slice(1).reduce((sum, delay, i) => sum + Math.abs(delay - (delays[i] ?? 0)), 0) / delays.length;
  };
  expect(meanStep(95)).toBeLessThan(meanStep(0) / 3);
});

test('a stream is shifted, not slowed', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(latency, { value: { latency: '100ms' } })]);
  for (const text of ['a', 'b', 'c']) {
    pipeline.push(data(text));
    clock.advance(1);
  }
  clock.advance(96.9);
  expect(sink.log).toEqual([]);
  clock.advance(2.1);
  expect(sink.log).toEqual(['data:a', 'data:b', 'data:c']);
});

test('two of them add up', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  const half = (id: string) => faultStage(latency, { id, value: { latency: '500ms' } });
  pipeline.setStages([half('one'), half('two')]);
  pipeline.push(data('a'));
  clock.advance(999);
  expect(sink.log).toEqual([]);
  clock.advance(1);
  expect(sink.log).toEqual(['data:a']);
});

test('a bare number is refused with the right form', () => {
  expect(latency.schema.safeParse({ latency: 100 }).error?.issues[0]?.message).toContain('like 250ms; found 100');
});
