/** `faultlab lab …`: what it refuses, and how it ends early. What it measures and runs is under test end to end. */
import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.js';
import { cli, session } from '../../support/cli.js';

describe('faultlab lab detectors', () => {
  it('ends with what it had started when it is interrupted', async () => {
    const { context, said, interrupt } = session();
    const running = main(['lab', 'detectors', '--times', '1'], context);
    setTimeout(() => interrupt('SIGINT'), 900);
    await running;
    expect(said()).toMatchObject({ code: 4, err: expect.stringContaining('SIGINT: ended early; the processes of the trial are gone') });
  });

  it.each([
    [['--interval', '100'], 'expected a duration with its unit'],
    [['--interval', '1ms'], 'between 20ms and'],
    [['--times', '0'], 'expected a whole number from 1'],
  ])('refuses %j and says what it expects', async (argv, sentence) => {
    const { code, err } = await cli('lab', 'detectors', ...argv);
    expect([code, err]).toEqual([64, expect.stringContaining(sentence)]);
  });
});

describe('faultlab lab run', () => {
  const file = 'experiments/taxonomy/crash-stop.yaml';

  it.each([
    [[file, '--only', 'crash-stopp'], '--only crash-stopp: no experiment is called so; did you mean "crash-stop"?'],
    [[file, '--variant', 'undefnded'], '--variant undefnded: none of these experiments has it; did you mean "undefended"?'],
    [['no-such-folder'], 'no-such-folder: cannot be read'],
    [[file, '--seeds', '0'], 'expected --seeds from 1 to 1000, found 0'],
    [[file, '--jobs', 'many'], 'expected --jobs from 1 to 16, found many'],
    [[file, '--write', 'package.json'], 'package.json: cannot be read: it holds no results of the lab'],
  ])('refuses %j before anything is started', async (argv, sentence) => {
    const { code, out, err } = await cli('lab', 'run', ...argv);
    expect([code, out, err]).toEqual([64, '', expect.stringContaining(sentence)]);
  });
});
