import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.js';
import { cli, session } from '../../support/cli.js';
import { until } from '../../support/until.js';

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

  it('takes the flags of Toxiproxy’s server as Go writes them', async () => {
    const { context, said, interrupt } = session();
    const served = main(['serve', '-host', 'localhost', '-port=0', '-seed', '1755000000123456789', '-proxy-metrics=true'], context);
    await until(() => said().out.includes('http:') || said().code !== 0);
    expect(said().err).toBe('');
    const url = /at (http:\S+)/.exec(said().out)?.[1] ?? '';
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    interrupt('SIGTERM');
    await served;
  });

  it.each([
    [['--seed', 'x'], 'whole number'],
    [['--port', '99999'], '0 to 65535'],
    [['--port', 'http'], '0 to 65535'],
    [['--host', '0.0.0.0'], 'token'],
    [['--proxy', 'name=p'], 'upstream'],
    [['--token-file', 'no-such-file'], 'no-such-file'],
  ])('refuses %j', async (options, reason) => {
    expect(await cli('serve', '--port', '0', ...options)).toMatchObject({ code: 64, err: expect.stringContaining(reason) });
  });
});
