import { expect, it } from 'vitest';
import { certWrongHost } from '../../../../src/dataplane/faults/tls/cert-wrong-host.js';
import { activeFault, echo } from '../../../support/tcp.js';
import { connectTls, refusal, tlsLink } from '../../../support/tls.js';

it('asks for a certificate for that host only', () => {
  expect(certWrongHost.decide(certWrongHost.schema.parse({ name: 'other.test' }))).toEqual({
    kind: 'present',
    flaw: { name: 'other.test' },
  });
  expect(certWrongHost.schema.safeParse({ name: 'no host' }).success).toBe(false);
});

it('is trusted, but refused for its name', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'certWrongHost', value: { name: 'other.test' } })]);
  expect(await refusal(link.port)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const careless = await connectTls(link.port, { checkServerIdentity: () => undefined });
  expect(careless.authorized).toBe(true);
  expect(careless.getPeerX509Certificate()?.subjectAltName).toBe('DNS:other.test');
  careless.destroy();
});
