/** The rows of the error table that are about many machines: etcd, agents, and who holds whom. Codes are never renamed or reused. */

import { EXIT, row } from './error-row.js';

/** By which way what agents observe does not come, and what can be done about it. */
const STUCK = {
  direct: {
    way: 'directly',
    hint: 'name the address of this machine that agents reach, by --fleet-host; or have `topology.proxies.observationsVia` name a folder or a store that both reach',
  },
  folder: {
    way: 'by way of a folder',
    hint: 'the folder has to be one and the same on all hosts and here, under one path, and agents have to be allowed to write there',
  },
  store: {
    way: 'by way of a store',
    hint: 'the store has to take PUT from agents and GET from here; `tokenFrom` and `urlFrom` in the plan name variables that hold what it wants',
  },
} as const;

/** An agent may say anything. */
function stuckBy(way: unknown): { way: string; hint: string } {
  return way === 'folder' || way === 'store' ? STUCK[way] : STUCK.direct;
}

export const FLEET_ERRORS = {
  ETCD_UNREACHABLE: row(
    EXIT.unavailable,
    502,
    (d) => `etcd does not answer at ${d['endpoints']}: ${d['reason']}`,
    () => '`etcdctl endpoint health` tells which members are there; several endpoints are separated by commas',
  ),
  ETCD_REFUSED: row(
    EXIT.unavailable,
    403,
    (d) => `etcd at ${d['endpoint']} refuses ${d['path']}: ${d['reason']}`,
    () => 'user and password come from --etcd-user and --etcd-password-file, certificates from --etcd-ca, --etcd-cert and --etcd-key',
  ),
  LEASE_GONE: row(
    EXIT.unavailable,
    409,
    (d) => `the lease of ${d['holder']} is gone: nobody renewed it in time`,
    () => 'whatever was written under it is gone as well; start again instead of going on',
  ),
  AGENT_INVALID: row(EXIT.unavailable, 502, (d) => `${d['key']} in etcd is not what it should be: ${d['problems']}`),
  AGENTS_MISSING: row(
    EXIT.unavailable,
    409,
    (d) => `${d['what']} needs ${d['wanted']}, but ${d['found']}`,
    () => '`faultlab fleet list` shows the agents that are registered, with their labels',
  ),
  AGENT_NAME_TAKEN: row(
    EXIT.unavailable,
    409,
    (d) => `an agent named "${d['agent']}" is registered already, at ${d['host']}`,
    () => 'give each host a name of its own; one that has died is forgotten when its lease is over',
  ),
  AGENT_HELD: row(
    EXIT.unavailable,
    409,
    (d) => `agent ${d['agent']} is held by run ${d['run']}: nothing was injected`,
    () => 'wait for that run to end, or say `topology.proxies: {driver: fleet, onBusy: queue}` in the plan',
  ),
  CONTROL_PATH: row(
    EXIT.usage,
    403,
    (d) => `step ${d['step']} would fault ${d['target']}, which is ${d['what']}: nothing was injected`,
    () => 'agents are steered and halted by way of it; fault another etcd than the one that --etcd names',
  ),
  AGENT_FORBIDS: row(
    EXIT.usage,
    403,
    (d) => `an agent does not let runs use its host so: ${d['what']}`,
    () => '`faultlab agent --allow-exec` lets runs start programs on that host; services that run there already need only an address',
  ),
  AGENT_FAILED: row(EXIT.unavailable, 502, (d) => `agent ${d['agent']}: ${d['reason']}`),
  OBSERVATIONS_STUCK: row(
    EXIT.unavailable,
    502,
    (d) => `nothing that ${d['agents']} observes reaches the run ${stuckBy(d['way']).way}: ${d['reason']}`,
    (d) => stuckBy(d['way']).hint,
  ),
  AGENT_LOST: row(
    EXIT.stopped,
    409,
    (d) => `${d['agents']} cannot be followed any more: ${d['reason']}`,
    () => '`topology.proxies.onAgentLoss: continue` in the plan goes on without them, `inconclusive` does so and lets no promise pass',
  ),
} as const;
