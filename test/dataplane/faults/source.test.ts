import { expect, test } from 'vitest';
import { compileSource, sourceSchema } from '../../../src/dataplane/faults/source.js';

test.each([
  [['10.0.0.0/8'], '10.200.0.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['127.0.0.7'], '127.0.0.7', true],
  [['127.0.0.7'], '127.0.0.8', false],
  [['192.168.0.0/16', '2001:db8::/32'], '2001:db8:1::5', true],
  [['2001:db8::/32'], '2001:db9::5', false],
  [['::1'], '::1', true],
  [['10.0.0.0/8'], '::1', false],
  [['0.0.0.0/0'], '203.0.113.9', true],
])('%j: a caller at %s is one of them: %s', (networks, address, expected) => {
  expect(compileSource(sourceSchema.parse(networks))?.(address)).toBe(expected);
});

test('a caller without an address is none of any network', () => {
  expect(compileSource(['0.0.0.0/0'])?.(undefined)).toBe(false);
});

test('without a source there is nothing to ask', () => {
  expect(compileSource(undefined)).toBeUndefined();
});

test('one network needs no list', () => {
  expect(sourceSchema.parse('10.0.0.0/8')).toEqual(['10.0.0.0/8']);
});

test.each(['10.0.0.0/33', '10.0.0', 'localhost', '', '::1/129', 7])('%j is refused with the right form', (given) => {
  expect(sourceSchema.safeParse(given).error?.issues[0]?.message).toContain('10.1.0.0/16');
});

test('an empty list is refused: it would look at nobody', () => {
  expect(sourceSchema.safeParse([]).success).toBe(false);
});
