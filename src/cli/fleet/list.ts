/** `fleet list`: which hosts there are, and who has them. */
import { formatMs } from '../../core/units.js';
import { type KnownAgent, readWorld, type World } from '../../orchestrator/fleet/read-world.js';
import { printable } from '../../reports/printable.js';
import type { CliContext } from '../command.js';
import { renderTable } from '../table.js';
import { type FleetOptions, withFleet } from './fleet-access.js';

export async function listAgents(context: CliContext, options: FleetOptions & { json?: true }): Promise<void> {
  const world = await withFleet(context, options, readWorld);
  if (options.json) {
    context.say(JSON.stringify({ ...world, halt: world.halt ?? null }, null, 2));
    return;
  }
  for (const line of linesOf(world, options.environment, context.clock.wallMs())) context.say(line);
}

function linesOf({ agents, halt }: World, environment: string, nowMs: number): readonly string[] {
  const halted =
    halt === undefined ? [] : [`halted since ${halt.since}: ${printable(halt.reason)}; lift it with \`faultlab halt --lift --etcd …\``];
  if (agents.length === 0)
    return [...halted, `no agent is registered in environment "${environment}"; \`faultlab agent --help\` shows how one is started`];
  const rows = agents.map((agent) => rowOf(agent, nowMs));
  return [...halted, renderTable(['agent', 'host', 'labels', 'state', 'up for', 'version'], rows)];
}

function rowOf({ registration, heldBy, isDraining }: KnownAgent, nowMs: number): readonly string[] {
  const { name, host, labels, startedWallMs, version } = registration;
  const said = Object.entries(labels).map(([key, value]) => printable(`${key}=${value}`));
  const state = [...(isDraining ? ['draining'] : []), ...(heldBy === undefined ? [] : [`run ${printable(heldBy)}`])];
  return [
    name,
    printable(host),
    said.join(' '),
    state.join(', ') || 'free',
    formatMs(Math.max(0, nowMs - startedWallMs)),
    printable(version),
  ];
}
