import { describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { faultStep, methodRig, waitStep } from '../support/method-rig.js';

describe('carrying out a method', () => {
  it('starts a step when all that it waits for have ended, whatever the order of the file', async () => {
    await using rig = await methodRig();
    await rig.carryOut([waitStep('c', 1, 'a', 'b'), waitStep('a', 5), waitStep('b', 20)]);
    expect(rig.order()).toEqual(['+a', '+b', '-a completed', '-b completed', '+c', '-c completed']);
  });

  it('stops the other steps at the first failure, starts none after it, and rejects when all are over', async () => {
    await using rig = await methodRig({ inject: () => Promise.reject(new Error('refused')) });
    await expect(rig.carryOut([waitStep('long', 60_000), faultStep('f'), waitStep('after', 1, 'f')])).rejects.toThrow('refused');
    expect(rig.order()).toEqual(['+long', '+f', '-f error', '-long stopped']);
  });

  it('stops at the signal with its reason, after an injection under way is over', async () => {
    const stop = new AbortController();
    let landed = false;
    await using rig = await methodRig({
      inject: () =>
        new Promise((resolve) => {
          stop.abort(new Error('SIGINT'));
          hostClock.after(20, () => {
            landed = true;
            resolve();
          });
        }),
    });
    await expect(rig.carryOut([faultStep('f')], { signal: stop.signal })).rejects.toThrow('SIGINT');
    expect(landed).toBe(true);
  });
});
