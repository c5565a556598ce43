import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { withAbsoluteFiles } from '../../../../src/dataplane/tls/spec/absolute-files.js';
import { tlsSchema } from '../../../../src/dataplane/tls/spec/tls-spec.js';

it('names files from the root, and leaves text and all else as it is', () => {
  const text = '-----BEGIN CERTIFICATE-----';
  const spec = tlsSchema.parse({
    terminate: { certificate: text, key: 'keys/b.key', names: ['b.test'] },
    originate: { ca: '/ca.pem', verify: 'none' },
    alpn: ['h2'],
  });
  expect(withAbsoluteFiles(spec)).toEqual({
    terminate: { certificate: text, key: resolve('keys/b.key'), names: ['b.test'] },
    originate: { ca: '/ca.pem', verify: 'none' },
    alpn: ['h2'],
  });
});
