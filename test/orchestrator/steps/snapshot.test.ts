import { describe, expect, it } from 'vitest';
import { methodRig } from '../../support/method-rig.js';

describe('snapshot', () => {
  it('copies the data of those that are named, and of nobody in a rehearsal', async () => {
    const copied: string[] = [];
    await using rig = await methodRig({ ports: { snapshot: async (instances) => void copied.push(...instances) } });
    await rig.carryOut([{ name: 'before', kind: 'snapshot', startAfter: [], params: { instances: ['db-1'] }, summary: '', takesMs: 0 }]);
    expect([copied, rig.order()]).toEqual([['db-1'], ['+before', '-before completed']]);
  });
});
