/** Every host of the fleet: whether it can be followed, how its clock stands, what it carries, and how what it observes comes in. Nothing where there are no hosts. */
import type { LiveAgent } from '../../../../../../src/control/live/contract.js';
import { type Column, Table } from '../../../parts/table.js';
import { fleet } from '../../../state/fleet.js';
import { faultsOn, nowMs, run } from '../../../state/live.js';
import { faultWords } from './fault-on-host.js';
import { clockWords, countOf, hostState, observationsWords, ordersWords, stateNote } from './host-words.js';

const columns: readonly Column<LiveAgent>[] = [
  { title: 'Host', cell: (agent) => <Name agent={agent} />, sortBy: ({ name }) => name },
  { title: 'State', cell: (agent) => <State agent={agent} />, sortBy: hostState },
  { title: 'Clock', cell: ({ member }) => member && clockWords(member), sortBy: ({ member }) => member?.clock?.boundMs },
  { title: 'Carries', cell: (agent) => <Carries agent={agent} />, sortBy: ({ member }) => member?.links.length },
  { title: 'Faults', cell: (agent) => <Faults agent={agent} />, sortBy: ({ member }) => member?.faults.length },
  { title: 'Orders', cell: ({ member }) => member && ordersWords(member), sortBy: ({ member }) => member?.applied },
  {
    title: 'Observations',
    cell: ({ member }) => member && observationsWords(member, nowMs.value),
    sortBy: ({ member }) => member?.observations.taken,
  },
];

export function Fleet() {
  const told = fleet.value;
  if (told === null) return null;
  const { agents, agentsTotal } = told;
  const lost = agents.filter(({ member }) => member?.lost != null).length;
  const own = agents.filter(({ member }) => member !== null).length;
  return (
    <section class="panel fleet" aria-labelledby="fleet-title">
      <div class="title-row">
        <h2 id="fleet-title">Fleet</h2>
        <p class="soft" role="status">
          {countOf(own, 'host')} of this run{lost > 0 && <b class="lost">, {lost} lost</b>}, {agentsTotal} in all
        </p>
      </div>
      <Table caption="Hosts of the fleet" columns={columns} rows={agents} keyOf={({ name }) => name} empty="No host is registered." />
      {agentsTotal > agents.length && <p class="soft">{agentsTotal - agents.length} more are not shown.</p>}
      {run.value?.ended === null && (
        <p class="soft">
          Halt ends the faults of this run on its hosts, and the run. <code>faultlab halt --etcd …</code> does so for every run of the
          environment, also where this daemon is out of reach.
        </p>
      )}
    </section>
  );
}

function Name({ agent: { name, labels, host } }: { agent: LiveAgent }) {
  return (
    <>
      {name}
      <small>{[host, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)].join(' · ')}</small>
    </>
  );
}

function State({ agent }: { agent: LiveAgent }) {
  const state = hostState(agent);
  const note = stateNote(agent, nowMs.value);
  return (
    <>
      <span class={state}>{state}</span>
      {note !== '' && <small>{note}</small>}
    </>
  );
}

function Carries({ agent: { member } }: { agent: LiveAgent }) {
  if (member === null) return null;
  return (
    <>
      {member.instances.join(', ') || 'no instance'}
      <small title={member.links.join('\n')}>{countOf(member.links.length, 'link')}</small>
    </>
  );
}

function Faults({ agent: { member } }: { agent: LiveAgent }) {
  if (member === null || member.faults.length === 0) return null;
  return (
    <>
      {member.faults.map((id) => (
        <div key={id}>{faultWords(id, faultsOn.value)}</div>
      ))}
    </>
  );
}
