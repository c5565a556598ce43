/** `fleet doctor`: whether etcd and the agents are as runs need them, and what to do about what is not. */
import { reasonOf } from '../../core/errors.js';
import { listed } from '../../core/suggest.js';
import { formatMs } from '../../core/units.js';
import { readWorld, type World } from '../../orchestrator/fleet/read-world.js';
import type { CliContext } from '../command.js';
import type { EtcdOptionValues } from '../etcd-options.js';
import { requireEtcdClient } from '../etcd-options.js';
import type { Examined } from '../examinations.js';
import type { FleetAccess } from './fleet-access.js';

/** Renewals are asked for every second or so: where one takes longer than this, leases are about to be lost. */
const SLOW_MS = 250;
const WRITE_LEASE_MS = 5_000;

export interface FleetPatient {
  context: CliContext;
  options: EtcdOptionValues;
  fleet: FleetAccess;
}

export interface FleetExamination {
  name: string;
  examine(patient: FleetPatient): Promise<Examined>;
}

export const fleetExaminations: readonly FleetExamination[] = [
  { name: 'etcd members', examine: members },
  { name: 'etcd writes', examine: writes },
  { name: 'agents', examine: async ({ context, fleet }) => agentsOf(await readWorld(fleet), context.version) },
  { name: 'halt', examine: async ({ fleet }) => haltOf(await readWorld(fleet)) },
];

/** Each by itself: whoever asks them all is answered by the first that can. */
async function members({ context, options }: FleetPatient): Promise<Examined> {
  const endpoints = options.etcd ?? [];
  const answers = await Promise.all(endpoints.map((endpoint) => tryMember(context, options, endpoint)));
  const deaf = answers.flatMap((answer, i) => (typeof answer === 'string' ? [`${endpoints[i]}: ${answer}`] : []));
  const slowestMs = Math.max(0, ...answers.filter((answer) => typeof answer === 'number'));
  if (deaf.length === endpoints.length)
    return { state: 'bad', found: deaf.join('; '), advice: 'no run can begin; agents heal by themselves' };
  if (deaf.length > 0)
    return {
      state: 'limited',
      found: `no answer from ${deaf.join('; ')}`,
      advice: 'the others are asked instead; more than half of all members are needed',
    };
  const many = `${endpoints.length} answer, the slowest in ${formatMs(slowestMs)}`;
  if (endpoints.length > 1) return { state: 'good', found: many };
  return { state: 'limited', found: many, advice: 'name all of them, --etcd URL,URL,URL: one alone is one that can fail' };
}

async function tryMember(context: CliContext, options: EtcdOptionValues, endpoint: string): Promise<number | string> {
  const { clock } = context;
  try {
    await using client = requireEtcdClient(clock, { ...options, etcd: [endpoint] });
    const askedMs = clock.nowMs();
    await client.read({ key: '/faultlab/v1/doctor' });
    return clock.nowMs() - askedMs;
  } catch (error) {
    return reasonOf(error);
  }
}

/** What every agent and every run does all the time: write under a lease, and renew it. */
async function writes({ context: { clock }, fleet: { client, keys } }: FleetPatient): Promise<Examined> {
  const key = `${keys.root}doctor/${process.pid}`;
  try {
    const { lease } = await client.grant(WRITE_LEASE_MS);
    const askedMs = clock.nowMs();
    await client.txn({ ops: [{ op: 'put', key, value: 'doctor', lease }] });
    await client.keepAlive(lease);
    const tookMs = clock.nowMs() - askedMs;
    await client.revoke(lease);
    if (tookMs <= SLOW_MS) return { state: 'good', found: `a write and a renewal in ${formatMs(tookMs)}` };
    const advice = 'give etcd a quicker disk, or plans a longer lease';
    return { state: 'limited', found: `a write and a renewal took ${formatMs(tookMs)}`, advice };
  } catch (error) {
    return { state: 'bad', found: reasonOf(error), advice: 'agents and runs need to write below /faultlab/v1/' };
  }
}

export function agentsOf({ agents }: Pick<World, 'agents'>, version: string): Examined {
  if (agents.length === 0)
    return { state: 'bad', found: 'none is registered', advice: 'start one on each host: `faultlab agent --etcd URL --name HOST`' };
  const others = agents.filter(({ registration }) => registration.version !== version).map(({ registration }) => registration.name);
  const draining = agents.filter(({ isDraining }) => isDraining).map(({ registration }) => registration.name);
  const held = agents.filter(({ heldBy }) => heldBy !== undefined).length;
  const found = `${agents.length} registered, ${held} held by runs`;
  if (others.length > 0)
    return {
      state: 'limited',
      found: `${found}; ${listed(others)} of another version than ${version}`,
      advice: 'let all hosts have one version',
    };
  if (draining.length > 0)
    return {
      state: 'limited',
      found: `${found}; ${listed(draining)} draining`,
      advice: 'let one back with `faultlab fleet drain NAME --lift --etcd …`',
    };
  return { state: 'good', found };
}

export function haltOf({ halt }: Pick<World, 'halt'>): Examined {
  if (halt === undefined) return { state: 'good', found: 'faults are accepted' };
  return { state: 'bad', found: `halted since ${halt.since}: ${halt.reason}`, advice: 'lift it with `faultlab halt --lift --etcd …`' };
}
