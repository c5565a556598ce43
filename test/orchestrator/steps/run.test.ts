import { describe, expect, it } from 'vitest';
import { dryPlan } from '../../../src/experiment/dry-plan.js';
import { planText, SMALL } from '../../support/experiment.js';
import { methodRig, plannedStep } from '../../support/method-rig.js';

const params = { env: {}, timeoutMs: 20_000, exitCodes: [0], onFailure: 'stop' };
const step = (argv: readonly string[], given: object = {}) => plannedStep('run', { ...params, argv, ...given }, { name: 's' });

describe('a run step', () => {
  it('runs a program and tells how it ended', async () => {
    await using rig = await methodRig();
    await rig.carryOut([step(['echo', 'done'])]);
    expect(rig.events).toContainEqual(expect.objectContaining({ type: 'programEnded', code: 0, detail: 'exit code 0: done' }));
  });

  it('marks the program, so that it is ended with the run whatever becomes of that', async () => {
    await using rig = await methodRig({ ports: { mark: () => ({ MARK: 'this run' }) } });
    await rig.carryOut([step(['sh', '-c', 'echo "$MARK, $OWN"'], { env: { OWN: 'and its own' } })]);
    expect(rig.events).toContainEqual(expect.objectContaining({ detail: 'exit code 0: this run, and its own' }));
  });

  it('stops the run at an exit code that is not as it should be, or a program that hangs', async () => {
    await using rig = await methodRig();
    await expect(rig.carryOut([step(['false'])])).rejects.toMatchObject({ code: 'STEP_FAILED' });
    await expect(rig.carryOut([step(['sleep', '60'], { timeoutMs: 50 })])).rejects.toThrow('did not end in time');
    await rig.carryOut([step(['false'], { exitCodes: [0, 1] }), { ...step(['false'], { onFailure: 'continue' }), name: 't' }]);
  });

  it('ends with its program, though that leaves somebody behind who holds its output open', async () => {
    await using rig = await methodRig();
    const leaves = (then: string) => ['sh', '-c', `setsid sleep 20 & echo "$!"; ${then}`];
    await rig.carryOut([step(leaves('exit 0'))]);
    await expect(rig.carryOut([step(leaves('sleep 20'), { timeoutMs: 500 })])).rejects.toThrow('did not end in time');
    const said = rig.events.filter((event) => event.type === 'programEnded');
    expect(said[0]?.detail).toMatch(/^exit code 0: \d+$/);
    for (const { detail } of said) process.kill(Number(/\d+$/.exec(detail)?.[0]), 'SIGKILL');
  }, 15_000);

  it('runs nothing in a rehearsal', async () => {
    await using rig = await methodRig();
    const planned = planText(SMALL.replace('verify:', '  - {name: now, run: {argv: ["false"]}}\nverify:'));
    await rig.carryOut(dryPlan(planned).steps.filter(({ name }) => name === 'now'));
    expect(rig.events).toContainEqual(
      expect.objectContaining({ type: 'programEnded', code: null, detail: 'not run: this is a rehearsal' }),
    );
  });

  it('says in the plan what it would execute', () => {
    const text = SMALL.replace('verify:', '  - {name: now, run: {argv: [echo, hello]}}\nverify:');
    expect(planText(text).steps.at(-1)?.executes).toBe('`echo hello`');
  });
});
