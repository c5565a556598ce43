import { expect, test } from 'vitest';
import { pathIn, queryValuesOf } from '../../../src/dataplane/faults/request-path.js';

test.each([
  ['/a/b?c=/d', '/a/b'],
  ['/', '/'],
  ['http://b:80/a?x', '/a'],
  ['http://b:80?x', '/'],
  ['b:443', 'b:443'],
  ['*', '*'],
])('the path of %s is %s', (target, path) => {
  expect(pathIn(target)).toBe(path);
});

test.each([
  ['/a?x=1&x=2&y=3', ['1', '2']],
  ['/a?x=a%20b+c', ['a b c']],
  ['/a?x', ['']],
  ['/a?%78=%', ['%']],
  ['/a?xx=1', []],
  ['/a', []],
])('of %s the values of x are %j', (target, values) => {
  expect(queryValuesOf(target, 'x')).toEqual(values);
});
