/**
 * A fleet of any size in virtual time: what its agents and its orchestrator ask of etcd, what that costs, and how long a fault takes to be on everywhere. The
 * requests are those of src/agent and src/orchestrator/fleet; what each costs was measured (unit-costs.mjs). What a reader gets wrong: it is a model of queues before
 * processors. Disks, networks and garbage are not in it, so real fleets are slower, and none is quicker.
 */
import { FleetModel } from './fleet-model.mjs';

const SIZES = [20, 1_000, 10_000];

/** How the design asks today, the same asked more often and less often, and what it would take at ten thousand hosts. */
const DESIGNS = [
  { name: 'as it is', askEveryMs: 2_000, readEvery: 2, refreshEveryMs: 2_000 },
  { name: 'asking every 500 ms', askEveryMs: 500, readEvery: 4, refreshEveryMs: 2_000 },
  { name: 'asking every 2 s, reading anew every 60 s', askEveryMs: 2_000, readEvery: 30, refreshEveryMs: 60_000 },
  { name: 'and one host in a hundred asks for its neighbours', askEveryMs: 2_000, readEvery: 30, refreshEveryMs: 60_000, oneAsksFor: 100 },
];

const number = (value) => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
const share = (value) => `${number(value * 100)} %`;

/** Rows of a Markdown table. */
export function simulated() {
  const rows = DESIGNS.flatMap((design) =>
    SIZES.map((agents) => {
      const { requestsPerSecond, etcdShare, orchestratorShare, injectMs, injectedShare, unprovenShare } = new FleetModel({
        agents,
        ...design,
      }).run();
      const inject = injectedShare < 1 ? `${share(injectedShare)} of hosts within 30 s` : `${number(injectMs)} ms`;
      return [design.name, agents, requestsPerSecond, share(etcdShare), share(orchestratorShare), inject, share(unprovenShare)];
    }),
  );
  return [
    ['design', 'agents', 'etcd requests/s', 'busiest member', 'orchestrator', 'on everywhere after', 'hosts that heal for want of proof'],
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell))),
  ];
}
