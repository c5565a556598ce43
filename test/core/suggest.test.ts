import { describe, expect, test } from 'vitest';
import { closest, didYouMean, distance } from '../../src/core/suggest.js';

describe('the nearest known name', () => {
  test.each([
    ['percentge', 'percentage', 1],
    ['Abort', 'abort', 0],
    ['abotr', 'abort', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s and %s are %i apart', (a, b, expected) => {
    expect(distance(a, b)).toBe(expected);
    expect(distance(b, a)).toBe(expected);
  });

  test('is not guessed when nothing is near', () => {
    expect(closest('frobnicate', ['abort', 'delay'])).toBeUndefined();
    expect(didYouMean('frobnicate', ['abort', 'delay'])).toBe('; known: abort, delay');
  });

  test('is guessed for one slip in a short word', () => {
    expect(didYouMean('form', ['from', 'to'])).toBe('; did you mean "from"?');
  });

  test('costs nothing for an absurdly long word', () => {
    expect(closest('a'.repeat(1e6), ['abort'])).toBeUndefined();
  });
});
