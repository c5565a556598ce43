/** What a person can do to a link: one click, or a fault of the catalog. */
import { Button } from '../../../parts/button.js';
import { Failure } from '../../../parts/failure.js';
import { topology } from '../../../state/live.js';
import { FaultForm } from '../../chaos/fault-form.js';
import { failure, newId, put, refusal, whyNot } from '../../chaos/hand.js';
import { presetsFor } from '../../chaos/presets.js';
import type { Selection } from '../selection.js';
import { definePanel } from './panel.js';

function LinkChaos({ selected }: { selected: Selection }) {
  const link = topology.value.links.find(({ name }) => selected.kind === 'link' && name === selected.name);
  if (link === undefined) return null;
  if (link.isLoad) return <p class="soft">These are the load generator’s own requests: no proxy stands there, and no fault can.</p>;
  return (
    <>
      <ul class="presets">
        {presetsFor(link.protocol).map(({ name, about, fault }) => (
          <li key={name}>
            <Button refusal={whyNot.value} onClick={() => void put([{ ...fault, id: newId(name), proxies: [link.name] }])}>
              {name}
            </Button>
            <small>{about}</small>
          </li>
        ))}
      </ul>
      <Failure of={failure.value ?? refusal.value} />
      <details class="more">
        <summary>Any fault of the catalog</summary>
        <FaultForm links={[link.name]} protocol={link.protocol} />
      </details>
    </>
  );
}

export const linkChaos = definePanel({
  name: 'linkChaos',
  place: 30,
  title: 'Put a fault on it',
  suits: ({ kind }) => kind === 'link',
  Component: LinkChaos,
});
