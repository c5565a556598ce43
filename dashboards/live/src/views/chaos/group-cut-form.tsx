/** A partition by names, for keyboards and small screens: those who are ticked are cut off from all others. */
import { useState } from 'preact/hooks';
import { topology } from '../../state/live.js';
import { CutButtons } from './cut-buttons.js';
import { cutOff } from './group-cut.js';

export function GroupCut() {
  const [group, setGroup] = useState<ReadonlySet<string>>(new Set());
  const { services, links } = topology.value;
  if (links.length === 0) return null;
  const cut = cutOff(group, links);
  const toggle = (name: string): void => setGroup(new Set(group.has(name) ? [...group].filter((one) => one !== name) : [...group, name]));
  return (
    <details class="more">
      <summary>Cut off a group</summary>
      {services.map(({ name: service, instances }) => (
        <fieldset key={service} class="group">
          <legend>{service}</legend>
          {instances.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={group.has(name)} onChange={() => toggle(name)} /> {name}
            </label>
          ))}
        </fieldset>
      ))}
      <p class="soft" role="status">
        {group.size === 0 ? 'Tick those who are to be cut off.' : `${cut.length} links between them and the others.`}
      </p>
      <CutButtons links={cut} onDone={() => setGroup(new Set())} />
    </details>
  );
}
