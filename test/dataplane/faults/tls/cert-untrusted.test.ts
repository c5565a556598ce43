import { expect, it } from 'vitest';
import { activeFault, echo } from '../../../support/tcp.js';
import { connectTls, foreignAuthority, refusal, tlsLink } from '../../../support/tls.js';

it.each([
  ['unknown', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['self', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
])('an issuer that is %s is refused by callers with %s', async (issuer, code) => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'certUntrusted', value: { issuer } })]);
  expect(await refusal(link.port)).toBe(code);
});

it('takes the place of a certificate that was given', async () => {
  const { authority, issue } = await foreignAuthority();
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: { terminate: await issue('payments.test') } });
  expect(await refusal(link.port, { ca: authority.certificate })).toBe('none');
  link.proxy.setFaults([activeFault({ type: 'certUntrusted' })]);
  expect(await refusal(link.port, { ca: authority.certificate })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});

it('and a session that was begun before does not get around it', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  const session = await sessionOf(link.port);
  const again = await connectTls(link.port, { session });
  expect(again.isSessionReused()).toBe(true);
  again.destroy();
  link.proxy.setFaults([activeFault({ type: 'certUntrusted' })]);
  expect(await refusal(link.port, { session })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});

async function sessionOf(port: number): Promise<Buffer> {
  const client = await connectTls(port);
  client.write('x');
  const session = await new Promise<Buffer>((resolve) => client.once('session', resolve));
  client.destroy();
  return session;
}
