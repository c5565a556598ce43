import { once } from 'node:events';
import { expect, it } from 'vitest';
import { handshakeStall } from '../../../../src/dataplane/faults/tls/handshake-stall.js';
import { activeFault, dial, echo, until, wait } from '../../../support/tcp.js';
import { connectTls, refusal, tlsLink } from '../../../support/tls.js';

it('wants to know how long', () => {
  expect(handshakeStall.schema.safeParse({}).success).toBe(false);
  expect(handshakeStall.schema.safeParse({ delay: '1s', hang: true }).success).toBe(false);
  expect(handshakeStall.decide({ hang: true })).toEqual({ kind: 'hold', delayMs: Number.POSITIVE_INFINITY });
});

it('answers late, never early, and as if nothing had been', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeStall', value: { delay: '200ms' } })]);
  const startMs = performance.now();
  const client = await connectTls(link.port);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(199);
  client.write('x');
  expect(String((await once(client, 'data'))[0])).toBe('x');
  client.destroy();
});

it('goes on when the fault is removed', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeStall', value: { hang: true } })]);
  let isConnected = false;
  const connecting = connectTls(link.port).then((client) => {
    isConnected = true;
    client.destroy();
  });
  await until('its hello is held', () => (link.proxy.connections({ after: 0, max: 1 })[0]?.heldBytes ?? 0) > 0);
  await wait(50);
  expect(isConnected).toBe(false);
  expect(server.accepted).toHaveLength(0);
  link.proxy.setFaults([]);
  await connecting;
});

it('is told of as the caller’s end when the caller gives up', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeStall', value: { hang: true } })]);
  const patient = dial(link.port);
  patient.write('anything');
  await until('it is held', () => (link.proxy.connections({ after: 0, max: 1 })[0]?.heldBytes ?? 0) > 0);
  patient.destroy();
  await until('the record', () => link.connections.length === 1);
  expect(link.connections[0]).toMatchObject({ end: 'handshakeFailed', handshake: { endedBy: 'client' }, applied: ['handshakeStall'] });
});

it('holds a bounded part of what a caller sends meanwhile', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeStall', value: { hang: true } })]);
  const talkative = dial(link.port);
  for (let i = 0; i < 100; i++) talkative.write(Buffer.alloc(256 * 1024));
  const held = (): number => link.proxy.connections({ after: 0, max: 1 })[0]?.heldBytes ?? 0;
  await until('it is full', () => held() > 64 * 1024);
  await wait(100);
  expect(held()).toBeLessThan(256 * 1024);
  talkative.destroy();
});

it('goes on to what other faults want', async () => {
  await using server = await echo();
  await using link = await tlsLink(server.port, { tls: 'terminate' });
  link.proxy.setFaults([activeFault({ type: 'handshakeStall', value: { delay: '50ms' } }), activeFault({ type: 'certExpired' })]);
  expect(await refusal(link.port)).toBe('CERT_HAS_EXPIRED');
});
