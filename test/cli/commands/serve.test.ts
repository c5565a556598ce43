import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.js';
import { cli, session } from '../../support/cli.js';

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('faultlab serve', () => {
  it('says its address and its proxies, serves, and closes everything when it is interrupted', async () => {
    const { context, said, interrupt } = session();
    const served = main(
      ['serve', '--port', '0', '--environment', 'staging', '--proxy', 'name=p,protocol=http,upstream=127.0.0.1:9'],
      context,
    );
    await until(() => said().out.includes('p: http'));
    const url = /at (http:\S+)/.exec(said().out)?.[1] ?? '';
    expect(((await (await fetch(`${url}/v1/status`)).json()) as { environment: string }).environment).toBe('staging');
    interrupt('SIGTERM');
    await served;
    expect(said().out).toContain('every fault healed');
    await expect(fetch(`${url}/v1/status`)).rejects.toThrow();
  });

  it.each([
    [['--host', '0.0.0.0'], 'token'],
    [['--proxy', 'name=p'], 'upstream'],
    [['--token-file', 'no-such-file'], 'no-such-file'],
  ])('refuses %j', async (options, reason) => {
    expect(await cli('serve', '--port', '0', ...options)).toMatchObject({ code: 64, err: expect.stringContaining(reason) });
  });
});
