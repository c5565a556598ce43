import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../src/dataplane/address.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';

test.each([
  ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['localhost:65535', { host: 'localhost', port: 65535 }],
  [':8080', { host: '', port: 8080 }],
  ['unix:/run/a:b.sock', { path: '/run/a:b.sock' }],
])('%s is read, and written as it was', (text, parts) => {
  expect(parseAddress(text)).toEqual(parts);
  expect(formatAddress(parts)).toBe(text);
});

test.each([
  '127.0.0.1',
  '127.0.0.1:',
  '127.0.0.1:65536',
  '::1:80',
  'a b:80',
  'http://a:80',
  'unix:a.sock',
  'unix:/run/',
  'unix:',
  `unix:/${'a'.repeat(103)}`,
])('%s is refused', (upstream) => {
  expect(proxySpecSchema.safeParse({ name: 'a', upstream }).success).toBe(false);
});

test.each(['127.0.0.1:0', '[::1]:00'])('%s is listened on, but not dialled', (text) => {
  expect(proxySpecSchema.safeParse({ name: 'p', listen: text, upstream: '127.0.0.1:9' }).success).toBe(true);
  const { error } = proxySpecSchema.safeParse({ name: 'p', upstream: text });
  expect(error?.issues[0]?.message).toMatch(/can be dialled/);
});
