import { expect, test } from 'vitest';
import { latency } from '../../../../src/dataplane/faults/tcp/latency.js';
import { effectsOf } from '../../../support/effects.js';
import { contextOf, data } from '../../../support/pipeline.js';

const open = (value: { latency: string; jitter?: string }, random: () => number = () => 0.5) =>
  latency.open(latency.schema.parse(value), contextOf({ random }));

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
  expect(
    effectsOf(
      open({ latency: '5ms', jitter: '20ms' }, () => 0),
      data('a'),
    ),
  ).toEqual(['pass 0']);
});

test('a bare number is refused with the right form', () => {
  expect(latency.schema.safeParse({ latency: 100 }).error?.issues[0]?.message).toContain('like 250ms; found 100');
});
