/** The hosts of a fleet as people are shown them: who there is, what each carries, and how well the run knows it. Pure; bounded, those of the run first. */
import type { LiveAgent, LiveFleet, LiveMember } from '../run-news.js';
import type { StreamState } from './observation-intake.js';
import type { KnownAgent } from './read-world.js';
import type { Member } from './roster.js';
import type { Progress } from './shipping-progress.js';

const AGENTS_MAX = 500;

export interface HostFacts {
  /** Who was registered when anybody last looked. */
  known: readonly KnownAgent[];
  run: string;
  members: readonly Member[];
  /** Instance → agent. */
  places: ReadonlyMap<string, string>;
  streams: readonly StreamState[];
  progressOf(agent: string): Progress | undefined;
  offsetOf(agent: string): { offsetMs: number; boundMs: number } | undefined;
}

export function fleetHosts(facts: HostFacts): Omit<LiveFleet, 'faults'> {
  const { known, members, run } = facts;
  const knownOf = new Map(known.map((agent) => [agent.registration.name, agent]));
  const own = members.map((member): LiveAgent => {
    const { registration } = member;
    const isDraining = knownOf.get(member.name)?.isDraining ?? false;
    return { ...aboutOf(registration), isDraining, heldBy: run, member: memberOf(member, facts) };
  });
  const isOwn = new Set(members.map(({ name }) => name));
  const others = known.flatMap(({ registration, heldBy = null, isDraining }): readonly LiveAgent[] =>
    isOwn.has(registration.name) ? [] : [{ ...aboutOf(registration), isDraining, heldBy, member: null }],
  );
  const agents = [...byName(own), ...byName(others)];
  return { agents: agents.slice(0, AGENTS_MAX), agentsTotal: agents.length };
}

function aboutOf({ name, labels, host, version }: Member['registration']): Pick<LiveAgent, 'name' | 'labels' | 'host' | 'version'> {
  return { name, labels, host, version };
}

function memberOf({ name, orders, applied, lost }: Member, { places, streams, progressOf, offsetOf }: HostFacts): LiveMember {
  const { taken = 0, heardMs = null, behindMs = 0 } = progressOf(name) ?? {};
  const missing = streams.filter(({ agent }) => agent === name).reduce((sum, stream) => sum + stream.lost, 0);
  const clock = offsetOf(name);
  const on = Object.entries(applied?.faults ?? {}).flatMap(([id, { state }]) => (state === 'on' ? [id] : []));
  return {
    lost: lost ?? null,
    clock: clock === undefined ? null : { offsetMs: roundTo10Us(clock.offsetMs), boundMs: roundTo10Us(clock.boundMs) },
    instances: [...places].flatMap(([instance, agent]) => (agent === name ? [instance] : [])),
    links: orders.proxies.map((proxy) => proxy.name),
    faults: lost === undefined ? on : [],
    ordered: orders.n,
    applied: applied?.n ?? 0,
    observations: { taken, lost: missing, heardMs, behindMs: Math.round(behindMs) },
  };
}

/** Finer digits would be news every time. */
function roundTo10Us(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function byName(agents: readonly LiveAgent[]): readonly LiveAgent[] {
  return agents.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
