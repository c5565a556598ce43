/**
 * Which agent carries which instance: those that the plan allows it, in turn. Pure, and the same for the same agents and seed, so a run that is done again
 * meets the same hosts.
 */

import { LabError } from '../../core/errors.js';
import { keyedDraw } from '../../core/random.js';
import type { PlannedAgents, PlannedService } from '../../experiment/plan.js';
import type { Registration } from './entries.js';

type Candidate = Pick<Registration, 'name' | 'labels'>;

/** Throws AGENTS_MISSING where a plan wants agents that there are not. */
export function placeInstances(
  services: readonly Pick<PlannedService, 'name' | 'instances' | 'argv'>[],
  { agents: there, seed }: { agents: readonly Candidate[]; seed: number },
): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  /** How many instances of the same choice came before: each takes the next agent. */
  const turns = new Map<string, number>();
  for (const { name: service, instances, argv } of services) {
    for (const { name, agents, address, process } of instances) {
      const isOutside = argv === undefined && address === undefined && process === undefined && agents === undefined;
      if (isOutside) continue;
      const wanted = agents ?? {};
      const key = JSON.stringify([service, wanted]);
      const turn = turns.get(key) ?? 0;
      const chosen = chooseAgents(wanted, { agents: there, seed, cohort: service, instance: name });
      places.set(name, chosen[turn % chosen.length]?.name ?? '');
      turns.set(key, turn + 1);
    }
  }
  return places;
}

function chooseAgents(
  { names, labels = {}, count, percentage }: PlannedAgents,
  { agents, seed, cohort, instance }: { agents: readonly Candidate[]; seed: number; cohort: string; instance: string },
): readonly Candidate[] {
  const fits = agents.filter(
    (agent) =>
      (names === undefined || names.includes(agent.name)) && Object.entries(labels).every(([key, value]) => agent.labels[key] === value),
  );
  const absent = (names ?? []).filter((name) => !fits.some((agent) => agent.name === name));
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const what = `instance ${instance}`;
  if (absent.length > 0) throw new LabError('AGENTS_MISSING', { what, wanted: `the agent ${absent.join(', ')}`, found: 'it is not there' });
  const wantedCount = count ?? (percentage === undefined ? 1 : Math.ceil((fits.length * percentage) / 100));
  if (fits.length < Math.max(1, wantedCount)) {
    const wanted = [`${Math.max(1, wantedCount)} agents`, ...words].join(' with ');
    throw new LabError('AGENTS_MISSING', { what, wanted, found: fits.length === 0 ? 'there is none' : `there are ${fits.length}` });
  }
  if (count === undefined && percentage === undefined) return byName(fits);
  // The smaller share lies inside the larger, whoever comes and goes.
  const draw = keyedDraw({ seed, faultId: cohort });
  const drawn = [...fits].sort((a, b) => draw(a.name, 0) - draw(b.name, 0) || (a.name < b.name ? -1 : 1));
  return byName(drawn.slice(0, wantedCount));
}

function byName(agents: readonly Candidate[]): readonly Candidate[] {
  return [...agents].sort((a, b) => (a.name < b.name ? -1 : 1));
}
