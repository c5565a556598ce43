import { expect, it } from 'vitest';
import { methodRig, plannedStep } from '../../support/method-rig.js';

it('a note stands in the journal, with who wrote it', async () => {
  await using rig = await methodRig();
  await rig.carryOut([plannedStep('note', { text: 'look at the graphs' }, { name: 'n' })]);
  expect(rig.events).toContainEqual(expect.objectContaining({ type: 'note', text: 'look at the graphs', by: 'the plan' }));
});
