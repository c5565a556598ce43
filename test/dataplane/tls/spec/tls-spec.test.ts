import { describe, expect, it } from 'vitest';
import { tlsSchema } from '../../../../src/dataplane/tls/spec/tls-spec.js';

const good = { names: [] };
const strict = { verify: 'full' };

describe('tls, as a person writes it', () => {
  it.each([
    ['terminate', { terminate: good }],
    ['originate', { originate: strict }],
    ['both', { terminate: good, originate: strict }],
    [
      { terminate: true, alpn: ['h2'] },
      { terminate: good, alpn: ['h2'] },
    ],
    [{ originate: { verify: 'none', serverName: '10.0.0.1' } }, { originate: { verify: 'none', serverName: '10.0.0.1' } }],
  ])('takes %j', (written, meant) => {
    expect(tlsSchema.parse(written)).toEqual(meant);
  });

  it.each([
    [true],
    [{}],
    ['off'],
    [{ alpn: ['h2'] }],
    [{ terminate: { certificate: 'a.pem' } }],
    [{ originate: { key: 'a.pem' } }],
    [{ originate: { verify: false } }],
    [{ originate: { serverName: 'a b' } }],
    [{ terminate: { names: ['a/b'] } }],
    [{ terminate: true, alpn: [] }],
    [{ terminate: true, alpn: ['x'.repeat(256)] }],
    [{ terminate: { unknown: 1 } }],
  ])('refuses %j', (written) => {
    expect(tlsSchema.safeParse(written).success).toBe(false);
  });
});
