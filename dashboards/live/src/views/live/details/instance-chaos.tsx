/** What a person can do to an instance. */
import { Failure } from '../../../parts/failure.js';
import { failure, refusal } from '../../chaos/hand.js';
import { InstanceActs } from '../../chaos/instance-acts.js';
import type { Selection } from '../selection.js';
import { definePanel } from './panel.js';

function InstanceChaos({ selected }: { selected: Selection }) {
  if (selected.kind !== 'instance') return null;
  return (
    <>
      <InstanceActs name={selected.name} hasClock />
      <Failure of={failure.value ?? refusal.value} />
    </>
  );
}

export const instanceChaos = definePanel({
  name: 'instanceChaos',
  place: 20,
  title: 'Its process and its links',
  suits: ({ kind }) => kind === 'instance',
  Component: InstanceChaos,
});
