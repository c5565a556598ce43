import { describe, expect, it } from 'vitest';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { cli, startDaemon } from '../../support/cli.js';
import { dial, serve, until } from '../../support/tcp.js';

describe('faultlab proxy', () => {
  it('creates, lists and removes', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    expect((await cli('proxy', 'list', ...connect)).out).toBe('no proxy');
    const created = await cli('proxy', 'create', 'payments', '--upstream', '127.0.0.1:9', '--protocol', 'http', ...connect);
    expect(created.out).toMatch(/^payments: http 127\.0\.0\.1:\d+ -> 127\.0\.0\.1:9$/);
    expect((await cli('proxy', 'list', ...connect)).out).toMatch(/proxy +protocol.*\n+payments +http/);
    expect(JSON.parse((await cli('proxy', 'list', '--json', ...connect)).out)).toMatchObject([{ name: 'payments', connections: 0 }]);
    expect((await cli('proxy', 'remove', 'payments', ...connect)).code).toBe(0);
    expect(daemon.daemon.proxies()).toEqual([]);
  });

  it('lists the open connections and kills one of them', async () => {
    await using daemon = await startDaemon();
    await using server = await serve(() => {});
    const connect = ['--connect', daemon.url];
    const { listen } = await daemon.daemon.createProxy(proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${server.port}` }));
    expect((await cli('proxy', 'connections', 'p', ...connect)).out).toBe('no open connection');
    const clients = [1, 2].map(() => dial(Number(listen.split(':')[1])));
    await until('both are there', () => daemon.daemon.proxy('p').connections === 2);
    expect((await cli('proxy', 'connections', 'p', ...connect)).out).toMatch(/connection +from.*\n+1 +127\.0\.0\.1.*\n+2 +127\.0\.0\.1/);
    expect((await cli('proxy', 'connections', 'p', '--after', '1', ...connect)).out).not.toMatch(/^1 /m);
    expect((await cli('proxy', 'kill', 'p', '1', ...connect)).out).toBe('killed: p 1');
    expect(JSON.parse((await cli('proxy', 'connections', 'p', '--json', ...connect)).out)).toMatchObject({
      open: 1,
      connections: [{ connection: 2 }],
    });
    expect(await cli('proxy', 'kill', 'p', '1', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no open connection 1'),
    });
    expect((await cli('proxy', 'kill', 'p', 'one', ...connect)).code).toBe(64);
    for (const client of clients) client.destroy();
  });

  it('takes what is to be noted of requests, and refuses what cannot be', async () => {
    await using daemon = await startDaemon();
    const create = (observe: string) =>
      cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', '--protocol', 'http', '--observe', observe, '--connect', daemon.url);
    expect(await create('{headers: [cookie]}')).toMatchObject({ code: 64, err: expect.stringContaining('carries a secret') });
    expect((await create('{headers: [x-order-id]}')).code).toBe(0);
  });

  it('says what is wrong with an address, a name that is taken, and one that is not there', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    expect(await cli('proxy', 'create', 'p', '--upstream', 'nowhere', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('host:port'),
    });
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...connect);
    expect((await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...connect)).err).toContain('exists already');
    expect(await cli('proxy', 'remove', 'q', ...connect)).toMatchObject({ code: 64, err: expect.stringContaining('no proxy named "q"') });
  });
});
