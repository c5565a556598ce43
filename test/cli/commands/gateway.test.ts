import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { cli } from '../../support/cli.js';
import { type ServedControl, servedControl } from '../../support/control.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A daemon with an HTTP proxy `payments` in front of a callee that says its name. */
async function daemonWithProxy(): Promise<ServedControl> {
  const callee = createServer((_request, response) => void response.end('payments')).listen(0, '127.0.0.1');
  await once(callee, 'listening');
  cleanups.push(() => {
    callee.closeAllConnections();
    callee.close();
  });
  const served = await servedControl();
  cleanups.push(() => served[Symbol.asyncDispose]());
  const upstream = `127.0.0.1:${(callee.address() as AddressInfo).port}`;
  await served.daemon.createProxy(proxySpecSchema.parse({ name: 'payments', protocol: 'http', upstream }));
  return served;
}

async function ask(gateway: string, host: string): Promise<string> {
  const { statusCode, body } = await request(gateway, { headers: { host } });
  return `${statusCode} ${await body.text()}`;
}

describe('faultlab gateway', () => {
  it('is opened by its first route, leads to proxies by name, and meets the faults on them', async () => {
    const { url, daemon } = await daemonWithProxy();
    expect((await cli('gateway', '--connect', url)).out).toContain('no gateway');
    const { listen } = JSON.parse((await cli('gateway', 'route', 'Shop', 'payments', '--json', '--connect', url)).out) as {
      listen: string;
    };
    const gateway = `http://${listen}`;
    expect(await ask(gateway, 'shop')).toBe('200 payments');
    await cli('fault', 'add', 'payments', 'abort', '--value', '{"status": 599}', '--connect', url);
    expect(daemon.faults()).toHaveLength(1);
    expect(await ask(gateway, 'shop')).toMatch(/^599/);
  });

  it('follows a proxy that moves, and says so when it is disabled', async () => {
    const { url, daemon } = await daemonWithProxy();
    const { listen } = JSON.parse((await cli('gateway', 'route', '*', 'payments', '--json', '--connect', url)).out) as { listen: string };
    await daemon.updateProxy('payments', { listen: '127.0.0.1:0' });
    expect(await ask(`http://${listen}`, 'a')).toBe('200 payments');
    await daemon.updateProxy('payments', { enabled: false });
    expect(await ask(`http://${listen}`, 'a')).toContain('502 faultlab gateway: the link payments is not listening');
  });

  it('keeps its other routes when one is added, changed or taken away', async () => {
    const { url } = await daemonWithProxy();
    const hosts = async () =>
      (JSON.parse((await cli('gateway', 'show', '--json', '--connect', url)).out) as { routes: { host: string; links: string[] }[] })
        .routes;
    await cli('gateway', 'route', 'a', 'payments', '--connect', url);
    await cli('gateway', 'route', 'b', 'payments', '--connect', url);
    await cli('gateway', 'route', 'a', 'payments', 'other', '--connect', url);
    expect(await hosts()).toMatchObject([
      { host: 'b', links: ['payments'] },
      { host: 'a', links: ['payments', 'other'] },
    ]);
    expect((await cli('gateway', 'unroute', 'a', '--connect', url)).out).not.toContain('other');
    expect((await hosts()).map(({ host }) => host)).toEqual(['b']);
    expect(await cli('gateway', 'unroute', 'a', '--connect', url)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no route for a/'),
    });
  });

  it('is closed on demand, and its port with it', async () => {
    const { url } = await daemonWithProxy();
    const { listen } = JSON.parse((await cli('gateway', 'route', 'a', 'payments', '--json', '--connect', url)).out) as { listen: string };
    expect((await cli('gateway', 'close', '--connect', url)).out).toBe('closed');
    await expect(ask(`http://${listen}`, 'a')).rejects.toThrow();
  });

  it('refuses an address that is taken or none, and is not half open afterwards', async () => {
    const { url } = await daemonWithProxy();
    const taken = new URL(url).host;
    expect(await cli('gateway', 'route', 'a', 'payments', '--listen', taken, '--connect', url)).toMatchObject({
      code: 69,
      err: expect.stringContaining('EADDRINUSE'),
    });
    expect(await cli('gateway', 'route', 'a', 'payments', '--listen', 'nowhere', '--connect', url)).toMatchObject({
      code: 64,
      err: expect.stringContaining('expected host:port'),
    });
    expect((await cli('gateway', '--connect', url)).out).toContain('no gateway');
  });

  it('is left alone while a run holds the daemon', async () => {
    const { url, daemon } = await daemonWithProxy();
    daemon.claim('somebody');
    expect((await cli('gateway', 'route', 'a', 'payments', '--connect', url)).code).not.toBe(0);
    expect((await cli('gateway', '--connect', url)).out).toContain('no gateway');
  });
});
