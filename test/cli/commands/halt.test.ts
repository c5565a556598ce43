import { describe, expect, it } from 'vitest';
import { cli, startDaemon } from '../../support/cli.js';

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
});
