/**
 * The driver against our own compatibility API, and against a real server where TOXIPROXY_URL names one. What is looked at is what the server says
 * and what a client on the wire lives through.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { type FaultSpecInput, faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import type { Observation } from '../../../src/journal/observations.js';
import { ToxiproxyDriver } from '../../../src/orchestrator/drivers/toxiproxy.js';
import { proxyPrefix, ToxiproxyServer } from '../../../src/orchestrator/drivers/toxiproxy-server.js';
import { servedControl } from '../../support/control.js';
import { faultStep, methodRig, plannedStep } from '../../support/method-rig.js';
import { dial, echo, readBytes, readToEnd, type Served } from '../../support/tcp.js';

const real = process.env['TOXIPROXY_URL'];
const servers: (readonly [string, () => Promise<{ url: string } & AsyncDisposable>])[] = [
  ['our own compatibility API', servedControl],
  // Registered only where there is one, so that nothing is ever skipped.
  ...(real === undefined
    ? []
    : [['the server of TOXIPROXY_URL', async () => ({ url: real, [Symbol.asyncDispose]: async () => {} })] as const]),
];

describe.each(servers)('the Toxiproxy driver on %s', (_name, start) => {
  // Unique, so that a shared server shows nobody else's.
  const run = `test-${process.pid}-${Math.floor(hostClock.wallMs())}`;
  let server: { url: string } & AsyncDisposable;
  let driver: ToxiproxyDriver;
  let upstream: Served;
  let listed: ToxiproxyServer;

  beforeEach(async () => {
    server = await start();
    upstream = await echo();
    driver = new ToxiproxyDriver({ url: server.url, clock: hostClock, run });
    listed = new ToxiproxyServer(server.url, hostClock);
  });
  afterEach(async () => {
    await listed.sweep(proxyPrefix(run));
    await upstream[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const link = async (name = 'a->b') => {
    const { listen } = await driver.createProxy({ name, upstream: `127.0.0.1:${upstream.port}` });
    return Number(listen.split(':').at(-1));
  };
  const fault = (given: Partial<FaultSpecInput> = {}) =>
    faultSpecSchema.parse({ id: `${run}/slow`, proxies: ['a->b'], type: 'latency', value: { latency: '400ms' }, ...given });
  const news = async (after = 0): Promise<readonly Observation[]> =>
    (await driver.observations({ after, waitMs: 2_000, signal: AbortSignal.timeout(5_000) })).observations;
  const changes = async () => (await news()).map((o) => (o.kind === 'fault' ? `${o.fault} ${o.change}` : o.kind));
  async function roundTripMs(port: number): Promise<number> {
    const socket = dial(port);
    const startedMs = hostClock.nowMs();
    socket.write('ping');
    await readBytes(socket, 4);
    const tookMs = hostClock.nowMs() - startedMs;
    socket.destroy();
    return tookMs;
  }

  it('says what it knows, and nothing of an environment', async () => {
    expect(await driver.status()).toMatchObject({ version: expect.stringMatching(/\d/), environment: undefined, pid: undefined });
    expect(await driver.claim(run)).toEqual({ epoch: 0, leaseMs: expect.any(Number) });
    await driver.renew();
  });

  it('injects, tells that the fault is on, and takes it off when healed', async () => {
    const port = await link();
    await driver.inject([fault()]);
    expect(await roundTripMs(port)).toBeGreaterThanOrEqual(400);
    expect(await driver.active()).toEqual([{ id: `${run}/slow` }]);
    expect(await changes()).toEqual([`${run}/slow applied`]);
    await driver.heal();
    expect(await driver.active()).toEqual([]);
    expect(await roundTripMs(port)).toBeLessThan(400);
    expect(await changes()).toEqual([`${run}/slow applied`, `${run}/slow healed`]);
  });

  it('ends a fault after its duration, which the server knows nothing of', async () => {
    await link();
    await driver.inject([fault({ duration: '200ms' })]);
    const [applied] = await news();
    const [ended] = await news(1);
    expect([applied, ended]).toMatchObject([{ change: 'applied' }, { change: 'duration', fault: `${run}/slow` }]);
    expect(await driver.active()).toEqual([]);
  });

  it('tells what is on by the names under which it was injected, once each, whatever their links and streams', async () => {
    await link();
    await link('a->c');
    await driver.inject([fault({ id: `${run}/cut`, proxies: ['a->b', 'a->c'], type: 'blackhole', value: {} }), fault()]);
    const ids = (await driver.active()).map(({ id }) => id);
    expect(ids.sort()).toEqual([`${run}/cut`, `${run}/slow`]);
  });

  it.each([
    ['one fault by the name of its step', ['slow'], ['other']],
    ['all of them', undefined, []],
  ])('is told by a heal step to end %s', async (_what, steps, left) => {
    await link();
    await driver.inject([fault(), fault({ id: `${run}/other`, type: 'noop', value: {} })]);
    await using rig = await methodRig({ ports: { driver, faults: driver, run } });
    await rig.carryOut([plannedStep('heal', { steps }, { name: 'h' })]);
    expect(rig.order()).toEqual(['+h', '-h completed']);
    expect(await driver.active()).toEqual(left.map((step) => ({ id: `${run}/${step}` })));
    expect(await changes()).toContain(`${run}/slow healed`);
  });

  it('ends what is on there of a fault that it does not know, and of no other', async () => {
    await link();
    await driver.inject([fault(), fault({ id: `${run}/other`, type: 'noop', value: {} })]);
    const another = new ToxiproxyDriver({ url: server.url, clock: hostClock, run });
    await another.heal([`${run}/slow`, `${run}/never`]);
    expect(await another.active()).toEqual([{ id: `${run}/other` }]);
  });

  it('tells a fault step that its fault is still on when the server did not let go of it in time', async () => {
    await link();
    const toxic = { type: 'noop', stream: 'downstream', toxicity: 1, attributes: {} } as const;
    const inject = () => listed.addToxic(`${proxyPrefix(run)}a->b`, { name: 'slow:downstream', toxic });
    await using rig = await methodRig({ driver: { inject, active: () => driver.active(), newsWithinMs: 20 }, ports: { run } });
    await expect(rig.carryOut([faultStep('slow')])).rejects.toMatchObject({ code: 'HEALING_UNCONFIRMED' });
  });

  it('cuts one way, both ways, and closes connections when the cut ends', async () => {
    const port = await link();
    const socket = dial(port);
    socket.write('ping');
    await readBytes(socket, 4);
    await driver.inject([fault({ type: 'blackhole', value: {} })]);
    expect((await listed.proxies(proxyPrefix(run))).flatMap(({ toxics }) => toxics)).toHaveLength(2);
    const rest = readToEnd(socket);
    socket.write('lost');
    await driver.heal();
    expect((await rest).toString()).toBe('');
    socket.destroy();
  });

  it('injects all or nothing: a link that is not there leaves no toxic on the other', async () => {
    await link();
    await expect(driver.inject([fault({ proxies: ['a->b', 'nowhere'] })])).rejects.toMatchObject({ code: 'TOXIPROXY_FAILED' });
    await expect(driver.inject([fault(), fault({ id: `${run}/other`, proxies: ['nowhere'] })])).rejects.toThrow('status code 404');
    expect(await driver.active()).toEqual([]);
  });

  it('refuses what it cannot carry', async () => {
    await link();
    await expect(driver.inject([fault({ type: 'abort', value: {} })])).rejects.toMatchObject({ code: 'FAULT_INVALID' });
    expect((await driver.status()).newestObservation).toBe(0);
  });

  it('touches nothing of another run, and may heal and release twice', async () => {
    const other = new ToxiproxyDriver({ url: server.url, clock: hostClock, run: `${run}-other` });
    await other.createProxy({ name: 'a->b', upstream: `127.0.0.1:${upstream.port}` });
    await link();
    try {
      await other.inject([fault({ id: `${run}-other/slow` })]);
      await driver.inject([fault()]);
      await driver.release();
      await driver.release();
      await listed.sweep(proxyPrefix(run));
      expect(await driver.active()).toEqual([]);
      expect(await other.active()).toHaveLength(1);
    } finally {
      await listed.sweep(proxyPrefix(`${run}-other`));
    }
  });
});

describe('a Toxiproxy server that is not there', () => {
  it('is an error with its address', async () => {
    const driver = new ToxiproxyDriver({ url: 'http://127.0.0.1:1', clock: hostClock, run: 'r' });
    await expect(driver.status()).rejects.toMatchObject({ code: 'TOXIPROXY_FAILED', exit: 69 });
  });
});
