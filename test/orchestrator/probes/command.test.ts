import { describe, expect, it } from 'vitest';
import { command } from '../../../src/orchestrator/probes/command.js';
import { isAlive, startTicksOf } from '../../../src/orchestrator/services/processes.js';
import { probing } from '../../support/probing.js';

const ask = (params: object, signal = AbortSignal.timeout(10_000)) => command.run(command.schema.parse(params), probing(), signal);
const shell = (script: string, params: object = {}) => ({ argv: ['sh', '-c', script], ...params });

describe('the command probe', () => {
  it('judges the exit code', async () => {
    expect(await ask(shell('echo fine'))).toEqual({ met: true, value: 0, detail: 'sh ended with exit code 0: fine' });
    expect(await ask(shell('exit 3'))).toMatchObject({ met: false, value: 3 });
    expect(await ask(shell('exit 3', { tolerance: { in: [0, 3] } }))).toMatchObject({ met: true });
    expect(await ask(shell('exit 3', { tolerance: { range: [4, 9] } }))).toMatchObject({ met: false });
  });

  it('marks the program, so that it is ended with the run whatever becomes of that', async () => {
    const params = command.schema.parse(shell('echo "$MARK"'));
    const { detail } = await command.run(params, probing({ mark: () => ({ MARK: 'this run' }) }), AbortSignal.timeout(10_000));
    expect(detail).toContain(': this run');
  });

  it('judges what is printed', async () => {
    expect(await ask(shell('echo lag 12', { tolerance: { regex: 'lag [0-9]+$' } }))).toMatchObject({ met: false });
    expect(await ask(shell('printf "lag 12"', { tolerance: { regex: 'lag [0-9]+$' } }))).toMatchObject({ met: true });
    const lag = (range: number[]) => shell(`echo '{"lag": 12}'`, { tolerance: { jsonpath: '$.lag', expect: { range } } });
    expect(await ask(lag([0, 20]))).toMatchObject({ met: true });
    expect(await ask(lag([0, 10]))).toMatchObject({ met: false });
  });

  it('hands words over without a shell, with the environment given', async () => {
    const printed = { argv: ['printenv', 'NOTE'], env: { NOTE: '$(exit 9); a b' } };
    expect(await ask({ ...printed, tolerance: { regex: '^\\$\\(exit 9\\); a b\\n$' } })).toMatchObject({ met: true, value: 0 });
  });

  it('takes a program that cannot be run, dies or hangs for a measured failure', async () => {
    expect(await ask({ argv: ['no-such-program'] })).toMatchObject({ met: false, detail: expect.stringContaining('ENOENT') });
    expect(await ask(shell('kill -9 $$'))).toMatchObject({ met: false, detail: 'sh: was ended by SIGKILL' });
    expect(await ask(shell('sleep 60'), AbortSignal.timeout(100))).toMatchObject({ met: false, detail: 'sh: did not end in time' });
    expect(await ask(shell('true'), AbortSignal.abort())).toMatchObject({ met: false });
  });

  it('leaves no child behind, and does not wait for one that holds its output', async () => {
    const { met, detail } = await ask(shell('sleep 60 & echo $!'));
    expect(met).toBe(true);
    const pid = Number(detail.split(': ')[1]);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isAlive({ pid, startTicks: startTicksOf(pid) })).toBe(false);
  });

  it('drops what is printed beyond its bound', async () => {
    expect(await ask(shell('head -c 5000000 /dev/zero; printf end', { tolerance: { regex: 'end$' } }))).toMatchObject({
      met: false,
      value: 0,
    });
  });
});
