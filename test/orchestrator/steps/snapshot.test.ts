import { describe, expect, it } from 'vitest';
import { methodRig } from '../../support/method-rig.js';

describe('snapshot', () => {
  it('copies the data of those that are named, and of nobody in a rehearsal', async () => {
    const copied: string[] = [];
    await using rig = await methodRig({ ports: { snapshot: async (instances) => void copied.push(...instances) } });
    await rig.carryOut([{ name: 'before', kind: 'snapshot', startAfter: [], params: { instances: ['db-1'] }, summary: '', takesMs: 0 }]);
    expect([copied, rig.order()]).toEqual([['db-1'], ['+before', '-before completed']]);
  });

  it('is told when the run stops, and stops with it', async () => {
    const stop = new AbortController();
    const copy = (_instances: readonly string[], signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        stop.abort(new Error('enough'));
      });
    await using rig = await methodRig({ ports: { snapshot: copy } });
    const step = { name: 'before', kind: 'snapshot', startAfter: [], params: { instances: ['db-1'] }, summary: '', takesMs: 0 };
    await expect(rig.carryOut([step], { signal: stop.signal })).rejects.toThrow('enough');
    expect(rig.order()).toEqual(['+before', '-before stopped']);
  });
});
