import { expect, it } from 'vitest';
import { isHostName } from '../../../../src/dataplane/tls/spec/host-name.js';

it.each(['a', 'payments.test', 'A-1.b_c.test', '*.test', 'x'.repeat(253)])('%s is a host name', (name) => {
  expect(isHostName(name)).toBe(true);
});

it.each(['', '.', 'a..b', '-a', 'a-', 'a b', 'a/b', 'a\0b', 'ä.test', '*.*.test', '**', 'x'.repeat(254)])('%j is none', (name) => {
  expect(isHostName(name)).toBe(false);
});
