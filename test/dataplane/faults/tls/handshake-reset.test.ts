import { expect, it } from 'vitest';
import { activeFault, dial, echo, until, wait } from '../../../support/tcp.js';
import { refusal, tlsLink } from '../../../support/tls.js';

it('answers the first words with a RST, and the callee learns of nothing', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeReset' })]);
  expect(await refusal(link.port)).toBe('ECONNRESET');
  await until('the record', () => link.connections.length === 1);
  expect(link.connections[0]).toMatchObject({ end: 'faultReset', applied: ['handshakeReset'] });
  expect(server.accepted).toHaveLength(0);
});

it('leaves a caller alone that says nothing, until it is removed', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeReset' })]);
  const silent = dial(link.port);
  await until('it is there', () => link.proxy.stats().connections === 1);
  await wait(50);
  expect(link.connections).toHaveLength(0);
  silent.destroy();
});
