import { expect, test } from 'vitest';
import { firstBytes } from '../../../src/dataplane/faults/first-bytes.js';
import { effectsOf } from '../../support/effects.js';
import { data } from '../../support/pipeline.js';

test('so many bytes pass, and then comes what the fault has in their place', () => {
  const transform = firstBytes(5, (effects) => effects.end());
  expect(effectsOf(transform, data('abc'))).toEqual(['bytes:abc 0']);
  expect(effectsOf(transform, data('defg'))).toEqual(['bytes:de 0', 'end 0']);
});

test('a shorter stream passes whole', () => {
  const transform = firstBytes(5, (effects) => effects.end());
  expect([...effectsOf(transform, data('abc')), ...effectsOf(transform, { kind: 'end' })]).toEqual(['bytes:abc 0', 'pass 0']);
});

test('the count is kept in a memory that outlives the transform', () => {
  const memory = {};
  effectsOf(
    firstBytes(100, (effects) => effects.close(), memory),
    data('abcdef'),
  );
  expect(
    effectsOf(
      firstBytes(8, (effects) => effects.close(), memory),
      data('ghij'),
    ),
  ).toEqual(['bytes:gh 0', 'close 0']);
});
