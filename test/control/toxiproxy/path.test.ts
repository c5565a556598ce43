import { expect, it } from 'vitest';
import { cleanPath, patternOf, splitTarget } from '../../../src/control/toxiproxy/path.js';

it.each([
  ['/a', '/a'],
  ['//a', '/a'],
  ['/a/', '/a/'],
  ['/a/./b/../c//', '/a/c/'],
  ['/../..', '/'],
  ['/', '/'],
])('%s is cleaned to %s', (path, cleaned) => {
  expect(cleanPath(path)).toBe(cleaned);
});

it('a target is decoded before it is taken apart, its query is not', () => {
  expect(splitTarget('/proxies/a%20b%C3%BC?x=%2F')).toEqual({ path: '/proxies/a bü', query: '?x=%2F' });
  expect(splitTarget('http://localhost:8474/version')).toEqual({ path: '/version', query: '' });
  expect(splitTarget('/a%2')).toBeUndefined();
});

it('only whole segments are names', () => {
  expect(patternOf('/proxies/p/toxics/t')).toEqual({ pattern: '/proxies/:proxy/toxics/:toxic', proxy: 'p', toxic: 't' });
  expect(patternOf('/proxies/:proxy')).toEqual({ pattern: '/proxies/:proxy', proxy: ':proxy', toxic: '' });
  for (const path of ['/proxies/', '/proxies/p/', '/proxies/p/x', '/proxies/p/toxics/t/', '/proxies/p/toxics/'])
    expect(patternOf(path), path).toMatchObject({ pattern: path, proxy: '' });
});
