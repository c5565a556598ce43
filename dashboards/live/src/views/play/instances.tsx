/** Every process of the system with what it says of itself, and what can be done to it. */
import type { RecordedPlan } from '../../../../../src/journal/events.js';
import type { RecordedPlay } from '../../../../../src/journal/recorded-play.js';
import { events } from '../../state/live.js';
import { instancesNow } from '../../state/now.js';
import { InstanceActs } from '../chaos/instance-acts.js';
import { PlayActs } from './play-acts.js';
import { type Said, selfWords } from './self-words.js';

export function Instances({ recorded: { services, links }, play }: { recorded: RecordedPlan; play: RecordedPlay }) {
  const { acts = [] } = play;
  const said = selfWords(events.value);
  return (
    <ul class="instances">
      {services.flatMap(({ name: service, instances }) =>
        instances.map((name) => (
          <li key={name} data-instance={name}>
            <p>
              <strong>{name}</strong> <span class="soft">{service}</span> <ProcessState name={name} />
            </p>
            {play.words.some((words) => words.service === service) && <Words said={said.get(name)} />}
            <InstanceActs name={name} />
            <PlayActs name={name} acts={acts.filter((act) => act.service === service)} links={links} />
          </li>
        )),
      )}
    </ul>
  );
}

function ProcessState({ name }: { name: string }) {
  const state = instancesNow.value.get(name)?.process ?? 'unknown';
  // Of one that was told of long ago, nothing is known any more but that it runs.
  return state === 'ready' || state === 'unknown' ? null : <span class={`state ${state}`}>{state}</span>;
}

function Words({ said }: { said: Said | undefined }) {
  if (said === undefined) return <p class="soft">Not asked yet.</p>;
  if (said === null) return <p class="soft">Does not answer.</p>;
  return (
    <dl class="words">
      {Object.entries(said).map(([key, value]) => (
        <div key={key} class={key === 'role' ? `role ${value}` : undefined}>
          <dt>{key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
