import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/errors.js';
import { faultStep, methodRig, plannedStep } from '../../support/method-rig.js';

const release = (name: string, count: number | undefined, ...after: string[]) =>
  plannedStep('release', { step: 'f', count }, { name, after });

describe('a release', () => {
  it('lets go what a fault holds, and writes down how much that was', async () => {
    const asked: unknown[] = [];
    await using rig = await methodRig({
      driver: {
        releaseHeld: (id, { count }) => {
          asked.push([id, count]);
          return asked.length === 1
            ? Promise.resolve({ released: 2, held: 1 })
            : Promise.reject(new LabError('FAULT_HOLDS_NOTHING', { fault: id, type: 'hold' }));
        },
      },
    });
    await rig.carryOut([faultStep('f'), release('some', 2), release('rest', undefined, 'some')]);
    expect(asked).toEqual([
      ['r/f', 2],
      ['r/f', undefined],
    ]);
    expect(rig.events.filter((e) => e.type === 'faultReleased')).toMatchObject([
      { fault: 'r/f', step: 'f', released: 2, held: 1 },
      { released: 0, held: 0 },
    ]);
  });

  it('fails when the data plane cannot be asked to let go', async () => {
    const gone = () => Promise.reject(new LabError('DAEMON_UNREACHABLE', { url: 'u', reason: 'gone' }));
    await using rig = await methodRig({ driver: { releaseHeld: gone } });
    await expect(rig.carryOut([release('x', undefined)])).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });
});
