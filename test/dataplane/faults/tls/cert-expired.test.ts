import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { certExpired } from '../../../../src/dataplane/faults/tls/cert-expired.js';
import { activeFault, echo, until } from '../../../support/tcp.js';
import { connectTls, refusal, tlsLink } from '../../../support/tls.js';

it('asks for a certificate that ended so long ago', () => {
  expect(certExpired.decide(certExpired.schema.parse({ ago: '5m' }))).toEqual({ kind: 'present', flaw: { expiredForMs: 300_000 } });
});

it('is seen by new connections only, and is gone with the fault', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  const before = await connectTls(link.port);
  link.proxy.setFaults([activeFault({ type: 'certExpired' })]);
  expect(await refusal(link.port)).toBe('CERT_HAS_EXPIRED');
  before.write('x');
  await new Promise((resolve) => before.once('data', resolve));
  link.proxy.setFaults([]);
  expect(await refusal(link.port)).toBe('none');
  before.destroy();
  await until('all are told of', () => link.connections.length === 3);
  expect(link.connections.map(({ end, matched }) => [end, matched]).slice(0, 1)).toEqual([['handshakeFailed', ['certExpired']]]);
});

it('is told of as the caller’s refusal, whenever the caller looks at the certificate', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'certExpired' })]);
  await refusal(link.port);
  await refusal(link.port, { maxVersion: 'TLSv1.2' });
  const late = await connectTls(link.port, { rejectUnauthorized: false });
  late.end();
  const careless = await connectTls(link.port, { rejectUnauthorized: false });
  careless.end('x').resume();
  await until('all are told of', () => link.connections.length === 4);
  const told = link.connections.map(({ end, handshake, applied }) => [end, handshake?.endedBy, applied]);
  expect(told.filter(([end]) => end === 'handshakeFailed')).toEqual(Array(3).fill(['handshakeFailed', 'client', ['certExpired']]));
  expect(told.filter(([end]) => end === 'closed')).toEqual([['closed', undefined, ['certExpired']]]);
});

it('hits the share of connections that the percentage says', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  const fault = activeFault({ type: 'certExpired', percentage: 50 });
  link.proxy.setFaults([fault]);
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) seen.add(await refusal(link.port));
  expect(seen).toEqual(new Set(['none', 'CERT_HAS_EXPIRED']));
  expect(fault.counts.matched).toBe(20);
  expect(fault.counts.applied + fault.counts.skipped).toBe(20);
});

it('does nothing to a link that passes TLS through', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, {});
  link.proxy.setFaults([activeFault({ type: 'certExpired' })]);
  const client = connect(link.port, '127.0.0.1');
  client.end('x');
  expect(String((await client.toArray())[0])).toBe('x');
});
