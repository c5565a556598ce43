import { expect, it } from 'vitest';
import { probeTest } from '../../src/journal/probe-paths.js';

it('a check of health is known by the callee and the path, without its query, and the load sends none', () => {
  const isProbe = probeTest([{ name: 'shop', instances: ['shop-1'], probePaths: ['/ready'] }]);
  const seen = { from: 'gateway-1', to: 'shop-1', path: '/ready?deep=1' };
  expect(isProbe(seen)).toBe(true);
  expect(isProbe({ ...seen, path: '/readyz' })).toBe(false);
  expect(isProbe({ ...seen, to: 'other-1' })).toBe(false);
  expect(isProbe({ ...seen, from: 'load' })).toBe(false);
});
