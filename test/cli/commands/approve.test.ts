import { describe, expect, it } from 'vitest';
import { DaemonDriver } from '../../../src/orchestrator/drivers/daemon.js';
import { cli, startDaemon } from '../../support/cli.js';

describe('faultlab approve', () => {
  it('lists the gates that wait, answers one, and finds it answered', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    const driver = new DaemonDriver({ url: daemon.url });
    await driver.claim('r');
    expect((await cli('approve', ...connect)).out).toBe('no gate waits');
    await driver.openGate('go-ahead', { question: 'Is everybody here?', by: ['ann'], sets: [] });
    expect((await cli('approve', ...connect)).out).toBe('go-ahead  Is everybody here? (ann)');
    expect(await cli('approve', 'go-ahead', '--by', 'bob', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('waits for ann'),
    });
    expect(await cli('approve', 'go-ahead', '--by', 'ann', '--refuse', ...connect)).toMatchObject({
      code: 0,
      out: 'go-ahead refused by ann',
    });
    expect(await cli('approve', 'go-ahead', '--by', 'ann', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no gate'),
    });
    const { observations } = await driver.observations({ after: 0, waitMs: 0, signal: AbortSignal.timeout(5_000) });
    expect(observations).toMatchObject([{ kind: 'gate', gate: 'go-ahead', decision: 'refused', by: 'ann' }]);
  });
});
