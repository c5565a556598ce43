import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { ToxiproxyDriver } from '../../../src/orchestrator/drivers/toxiproxy.js';
import { proxyPrefix, ToxiproxyServer } from '../../../src/orchestrator/drivers/toxiproxy-server.js';
import { toxiproxy } from '../../../src/orchestrator/planes/toxiproxy.js';
import { built } from '../../support/built.js';
import { servedControl } from '../../support/control.js';
import { planePorts } from '../../support/plane-ports.js';

const spec = (given: object) => {
  const { id: _id, proxies: _proxies, ...rest } = faultSpecSchema.parse({ id: 'f', proxies: ['p'], ...given });
  return rest;
};

/** A run's proxy with a toxic on it, and another run's. */
async function serverWithTwoRuns() {
  const control = await servedControl();
  for (const run of ['mine', 'other']) {
    const driver = new ToxiproxyDriver({ url: control.url, clock: hostClock, run });
    await driver.createProxy({ name: 'a->b', upstream: '127.0.0.1:9' });
    await driver.inject([faultSpecSchema.parse({ id: `${run}/cut`, proxies: ['a->b'], type: 'blackhole' })]);
  }
  const server = new ToxiproxyServer(control.url, hostClock);
  return {
    url: control.url,
    names: async () => (await server.proxies('')).map(({ name }) => name),
    [Symbol.asyncDispose]: () => control[Symbol.asyncDispose](),
  };
}

describe('a Toxiproxy server as the data plane', () => {
  it.each(['http://127.0.0.1:8474', 'http://localhost:8474', 'http://[::1]:8474'])('may be at %s', (url) => {
    expect(toxiproxy.schema.safeParse({ url }).success).toBe(true);
  });

  it.each(['https://127.0.0.1:8474', 'http://10.0.0.1:8474', '127.0.0.1:8474', ''])(
    'is refused elsewhere than on this machine: %s',
    (url) => {
      expect(toxiproxy.schema.safeParse({ url }).success).toBe(false);
    },
  );

  it('objects to what has no toxic, and warns of what differs', () => {
    expect(toxiproxy.objections(spec({ type: 'abort' }))).toEqual([expect.stringContaining('no requests')]);
    expect(toxiproxy.caveats(spec({ type: 'abort' }))).toEqual([]);
    expect(toxiproxy.objections(spec({ type: 'blackhole' }))).toEqual([]);
    expect(toxiproxy.caveats(spec({ type: 'blackhole' }))).toEqual([expect.stringContaining('thrown away')]);
  });

  it('does not go together with a daemon named by --connect', () => {
    const connect = { url: 'http://127.0.0.1:1' };
    expect(() => toxiproxy.open({ url: 'http://127.0.0.1:2' }, planePorts({ connect }))).toThrow('--connect');
  });

  it('is cleaned of a dead run, and of nothing else', async () => {
    await using server = await serverWithTwoRuns();
    const live = { run: 'mine', pid: 1, startTicks: '', startedWallMs: 0, daemonUrl: server.url, processes: [] };
    expect(await toxiproxy.healAfter(live, { clock: hostClock })).toBe(`1 proxies and 2 toxics of it were still at ${server.url}: removed`);
    expect(await server.names()).toEqual([`${proxyPrefix('other')}a->b`]);
    expect(await toxiproxy.healAfter(live, { clock: hostClock })).toBeUndefined();
  });

  // The first to ask for the compiled program compiles it.
  it('has a watchdog that waits for the end of its input, and then removes that run’s proxies only', async () => {
    await using server = await serverWithTwoRuns();
    const program = built('orchestrator/services/toxics-watchdog.js');
    const dog = spawn(process.execPath, [program, server.url, proxyPrefix('mine')], { stdio: ['pipe', 'ignore', 'inherit'] });
    const exited = once(dog, 'exit');
    dog.stdin.write('still here\n');
    expect(await server.names()).toHaveLength(2);
    dog.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(await server.names()).toEqual([`${proxyPrefix('other')}a->b`]);
  }, 60_000);
});
