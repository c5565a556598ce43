import { describe, expect, it } from 'vitest';
import { cli, startDaemon } from '../../support/cli.js';

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
