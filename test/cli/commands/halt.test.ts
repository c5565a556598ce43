import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.js';
import { cli, session, startDaemon } from '../../support/cli.js';

describe('faultlab halt', () => {
  it('ends what is on, keeps the rest out with its reason, and lifts', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...connect);
    await cli('fault', 'add', 'p', 'blackhole', ...connect);
    expect((await cli('halt', '--reason', 'fire drill', ...connect)).out).toContain('1 fault ended');
    expect(await cli('fault', 'add', 'p', 'blackhole', ...connect)).toMatchObject({ code: 4, err: expect.stringContaining('fire drill') });
    expect((await cli('halt', '--lift', ...connect)).code).toBe(0);
    expect((await cli('fault', 'add', 'p', 'blackhole', ...connect)).code).toBe(0);
  });

  it('says that nobody is there to be halted', async () => {
    const gone = await startDaemon();
    await gone[Symbol.asyncDispose]();
    expect(await cli('halt', '--connect', gone.url)).toMatchObject({ code: 69, err: expect.stringContaining('does not answer') });
  });

  it('without an address reaches every daemon that is known, and keeps new runs out until it is lifted', async () => {
    await using daemon = await startDaemon();
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', '--connect', daemon.url);
    await cli('fault', 'add', 'p', 'blackhole', '--connect', daemon.url);
    const { context, said } = session();
    await context.home.register({ url: daemon.url, environment: 'local' });
    await main(['halt', '--reason', 'fire drill'], context);
    expect(said().out).toContain('halted: 1 fault ended in 1 daemon; no run starts until');
    expect(daemon.daemon.status().halted).toMatchObject({ reason: 'fire drill' });
    await main(['run', 'experiments/gray-failure.yaml', '--out', '/nonexistent/runs'], context);
    expect(said()).toMatchObject({ code: 4, err: expect.stringContaining('fire drill') });
    await main(['halt', '--lift'], context);
    expect(daemon.daemon.status().halted).toBeNull();
    expect(await context.home.lever()).toBeUndefined();
  });

  it('fails, with the lever pulled all the same, when a daemon that is known does not answer', async () => {
    const gone = await startDaemon();
    await gone[Symbol.asyncDispose]();
    const { context, said } = session();
    await context.home.register({ url: gone.url, environment: 'local' });
    await main(['halt'], context);
    expect(said()).toMatchObject({ code: 5, err: expect.stringContaining(`no answer from ${gone.url}`) });
    expect(await context.home.lever()).toBeDefined();
  });
});
