/** What a run does to real processes is shown in test/e2e; here is what the command decides before it starts one. */
import { describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.js';

describe('faultlab run', () => {
  it('shows the plan and does nothing when dry', async () => {
    const { code, out } = await cli('run', 'experiments/gray-failure.yaml', '--dry');
    expect([code, out]).toEqual([0, expect.stringContaining('Timeline')]);
  });

  it('starts none of several when one has a mistake', async () => {
    const { code, out, err } = await cli('run', 'experiments/gray-failure.yaml', 'no-such-file.yaml');
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('no-such-file.yaml');
  });

  it('shows its options, an example and its exit codes', async () => {
    const { code, out } = await cli('run', '--help');
    expect(code).toBe(0);
    expect(out).toContain('$ faultlab run experiments/gray-failure.yaml');
    expect(out).toContain('2 inconclusive');
  });

  it.each([
    [['--report', 'pdf'], '"pdf" is no format; expected html, json, text'],
    [['--connect', 'foo'], 'expected a URL like http://127.0.0.1:8474'],
    [['--seed', '-1'], 'expected a whole number'],
  ])('refuses %j before anything is started', async (options, reason) => {
    expect(await cli('run', 'experiments/gray-failure.yaml', ...options)).toMatchObject({
      code: 64,
      out: '',
      err: expect.stringContaining(reason),
    });
  });
});
