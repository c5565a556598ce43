import { expect, test } from 'vitest';
import { families } from '../../../src/control/metrics/families.js';

test('families have names of Prometheus’ kind, one each, and say what they count', () => {
  const all = Object.values(families);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, type, help } of all) {
    expect(name).toMatch(/^(?:faultlab|toxiproxy_proxy|process|go_build)_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help).toMatch(/\.$/);
  }
});
