import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayKeeper, gatewaySchema } from '../../src/control/gateway-keeper.js';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';

let daemon: Daemon;
let keeper: GatewayKeeper;
beforeEach(() => {
  daemon = new Daemon({ clock: hostClock, environment: 'test' });
  keeper = new GatewayKeeper(daemon);
});
afterEach(async () => {
  await keeper[Symbol.asyncDispose]();
  await daemon[Symbol.asyncDispose]();
});

const set = (given: object) => keeper.set(gatewaySchema.parse({ routes: [], ...given }));

describe('the keeper of a gateway', () => {
  it('stays where it listens when only routes are given', async () => {
    const { listen } = await set({ listen: '127.0.0.1:0' });
    expect(await set({ routes: [{ host: 'a', links: ['b'] }] })).toEqual({ listen, routes: [{ host: 'a', path: '/', links: ['b'] }] });
  });

  it('carries out changes one after the other', async () => {
    const all = await Promise.all([
      set({ routes: [{ host: 'a', links: ['a'] }] }),
      set({}),
      set({ routes: [{ host: 'c', links: ['c'] }] }),
    ]);
    expect(new Set(all.map(({ listen }) => listen)).size).toBe(1);
    expect(keeper.status().routes.map(({ host }) => host)).toEqual(['c']);
  });

  it('can be opened again after it was closed', async () => {
    await set({});
    await keeper.close('by-hand');
    expect(keeper.status()).toEqual({ listen: null, routes: [] });
    expect((await set({})).listen).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each([{ listen: 'unix:/tmp/x' }, { listen: 'here' }, { listen: '127.0.0.1:70000' }, { port: 1 }])('refuses %j', (given) => {
    expect(gatewaySchema.safeParse({ routes: [], ...given }).success).toBe(false);
  });
});
