/** Instances to tick, by service. */
import { topology } from '../../state/live.js';

export function Members({ ticked, onTicked }: { ticked: ReadonlySet<string>; onTicked: (ticked: ReadonlySet<string>) => void }) {
  const toggle = (name: string): void =>
    onTicked(new Set(ticked.has(name) ? [...ticked].filter((one) => one !== name) : [...ticked, name]));
  return (
    <>
      {topology.value.services.map(({ name: service, instances }) => (
        <fieldset key={service} class="group">
          <legend>{service}</legend>
          {instances.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={ticked.has(name)} onChange={() => toggle(name)} /> {name}
            </label>
          ))}
        </fieldset>
      ))}
    </>
  );
}
