import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.js';
import { cli, session, startDaemon } from '../../support/cli.js';

describe('faultlab note', () => {
  it('finds the run that goes on, and writes into it', async () => {
    await using daemon = await startDaemon();
    await using idle = await startDaemon();
    const { context, said } = session();
    await context.home.register({ url: daemon.url, environment: 'local' });
    daemon.daemon.claim('the-run');
    await main(['note', 'support', 'is', 'worried', '--by', 'ann'], context);
    expect(said()).toMatchObject({ code: 0, out: 'noted in the-run' });
    const { observations } = await daemon.daemon.observations.readOrWait({
      after: 0,
      max: 9,
      waitMs: 0,
      signal: AbortSignal.timeout(5_000),
    });
    expect(observations).toMatchObject([{ kind: 'note', text: 'support is worried', by: 'ann' }]);
    expect(await cli('note', 'x', '--connect', idle.url)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no run uses this daemon'),
    });
  });

  it('says that nobody is there to listen', async () => {
    expect(await cli('note', 'x')).toMatchObject({ code: 64, err: expect.stringContaining('no run') });
  });
});
