import { expect, it } from 'vitest';
import { methodRig, waitStep } from '../../support/method-rig.js';

it('a wait takes its time, and is cut short by the end of the run', async () => {
  await using rig = await methodRig();
  await rig.carryOut([waitStep('short', 20)]);
  const [started, ended] = rig.events;
  expect((ended?.atMs ?? 0) - (started?.atMs ?? 0)).toBeGreaterThanOrEqual(20);
  await expect(rig.carryOut([waitStep('long', 60_000)], { signal: AbortSignal.timeout(20) })).rejects.toThrow();
  expect(rig.order().at(-1)).toBe('-long stopped');
});
