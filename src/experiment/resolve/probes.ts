/** Probes as they are asked: of the steady state, or by a step. Names in them are known, and what they look at can be seen. */
import type { Path } from '../../core/document-path.js';
import type { Plane } from '../../orchestrator/planes/plane.js';
import type { Catalogs } from '../catalogs.js';
import type { AskedProbe, PlannedProbe } from '../plan.js';
import type { QuestionText } from '../schema/steady-state.js';
import { unseenTarget } from './proxies.js';
import { checkProbeReferences, type Known } from './references.js';

export interface ProbeContext extends Known {
  catalogs: Catalogs;
  plane: Plane;
}

export function resolveProbes(context: ProbeContext): readonly PlannedProbe[] {
  const seen = new Set<string>();
  return context.experiment.steadyState.probes.map((text, i) => {
    const path = ['steadyState', 'probes', i];
    if (seen.has(text.name)) context.complain([...path, 'name'], `two probes are named "${text.name}"`);
    seen.add(text.name);
    return { ...resolveProbe(text, { name: text.name, path }, context), mode: text.mode };
  });
}

/** `path`: where the probe stands in the file. */
export function resolveProbe(text: QuestionText, { name, path }: { name: string; path: Path }, context: ProbeContext): AskedProbe {
  const { type, interval: intervalMs, timeout: timeoutMs, failureThreshold, successThreshold, params } = text;
  checkProbeReferences(params, path, context);
  checkSeen(text, path, context);
  const expectation = context.catalogs.probes.get(type)?.expectation(params) ?? type;
  return { name, type, intervalMs, timeoutMs, failureThreshold, successThreshold, params, expectation };
}

/** A probe of what cannot be seen would never be met, and the run would end before its method. */
function checkSeen({ type, params }: QuestionText, path: Path, { experiment, catalogs, plane, complain }: ProbeContext): void {
  if (plane.processesUnseen !== undefined && catalogs.probes.get(type)?.seesProcesses)
    complain(
      [...path, 'type'],
      `${type} looks at processes, and ${plane.processesUnseen}: ask them over the network, by tcp, http or readiness`,
    );
  if (plane.linksUnseen === undefined || !catalogs.probes.get(type)?.seesLinks) return;
  const target = unseenTarget(params, experiment.load?.target);
  if (target === undefined) return;
  complain([...path, 'target'], `${target} cannot be seen here: ${plane.linksUnseen}; the load’s own requests can: {from: load, to: …}`);
}
