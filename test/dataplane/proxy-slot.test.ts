import { expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { DEFAULT_LIMITS, proxySpecSchema } from '../../src/dataplane/proxy.js';
import { ProxySlot } from '../../src/dataplane/proxy-slot.js';
import type { Connection, Observation } from '../../src/journal/observations.js';
import { activeFault, dial, echo, readBytes, readToEnd, serve, until } from '../support/tcp.js';

function slotTo(port: number, given: object = {}) {
  const connections: Connection[] = [];
  const record = (observation: Observation): void => {
    if (observation.kind === 'connection') connections.push(observation);
  };
  const spec = proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${port}`, ...given });
  return { slot: new ProxySlot({ ports: { clock: hostClock, record }, limits: DEFAULT_LIMITS, spec }), connections };
}
const connect = (slot: ProxySlot) => dial(Number(slot.spec.listen.split(':').at(-1)));

it('comes back on the same port with its faults, and goes on counting connections and bytes', async () => {
  await using upstream = await echo();
  const { slot, connections } = slotTo(upstream.port);
  await slot.start();
  const { listen } = slot.spec;
  const client = connect(slot);
  client.write('abc');
  await readBytes(client, 3);
  await slot.update({ enabled: false });
  expect([slot.enabled, slot.spec.listen]).toEqual([false, listen]);
  slot.setFaults([activeFault({ type: 'limitData', value: { bytes: '2B' } })]);
  await slot.update({ enabled: true });
  expect(slot.spec.listen).toBe(listen);
  const next = connect(slot);
  next.write('abc');
  expect((await readToEnd(next)).toString()).toBe('ab');
  await slot.close();
  expect(connections.map(({ connection }) => connection)).toEqual([1, 2]);
  expect(slot.stats()).toMatchObject({ connections: 0, connectionsTotal: 2, bytesDown: 5, receivedUp: 6 });
});

it('is disabled, with the new address, when that is taken; and starts when it is free again', async () => {
  await using upstream = await echo();
  const taken = await serve(() => {});
  const { slot } = slotTo(upstream.port);
  await slot.start();
  const listen = `127.0.0.1:${taken.port}`;
  await expect(slot.update({ listen })).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
  expect([slot.enabled, slot.spec.listen]).toEqual([false, listen]);
  await taken[Symbol.asyncDispose]();
  await slot.update({ enabled: true });
  expect(slot.enabled).toBe(true);
  await slot.close();
});

it('takes changes in the order in which they were asked for, and none after it is closed', async () => {
  await using upstream = await echo();
  const { slot } = slotTo(upstream.port);
  void slot.start();
  void slot.update({ enabled: false });
  await slot.update({ enabled: true });
  expect(slot.enabled).toBe(true);
  const closed = slot.close();
  await expect(slot.update({ enabled: true })).rejects.toMatchObject({ code: 'PROXY_UNKNOWN' });
  await closed;
  expect(slot.enabled).toBe(false);
});

it('without half-closes, ends both sides in order when it stops; with them, resets', async () => {
  await using upstream = await echo();
  for (const halfClose of [false, true]) {
    const { slot } = slotTo(upstream.port, { halfClose });
    await slot.start();
    const client = connect(slot);
    client.write('x');
    await readBytes(client, 1);
    const end = readToEnd(client).then(
      () => 'end',
      (error: NodeJS.ErrnoException) => error.code,
    );
    await slot.close();
    expect(await end).toBe(halfClose ? 'ECONNRESET' : 'end');
    await until('the upstream side is gone', () => upstream.accepted.at(-1)?.closed === true);
  }
});
