/** When a run stops early: each condition by its definition, and the probes that they look at known and asked all the time. */
import { didYouMean } from '../../core/suggest.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedStopCondition } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';

export function resolveStopConditions(
  { stopConditions, steadyState }: Experiment,
  { catalogs, complain }: { catalogs: Catalogs; complain: Complain },
): readonly PlannedStopCondition[] {
  const names = steadyState.probes.map((probe) => probe.name);
  return stopConditions.flatMap(({ kind, params }, i): PlannedStopCondition[] => {
    const definition = catalogs.stopConditions.get(kind);
    if (definition === undefined) return [];
    const name = definition.probe?.(params);
    const probe = steadyState.probes.find((candidate) => candidate.name === name);
    const path = ['stopConditions', i, 'probe'];
    if (name !== undefined && probe === undefined) complain(path, `unknown probe "${name}"${didYouMean(name, names)}`);
    else if (probe !== undefined && probe.mode !== 'continuous')
      complain(path, `expected a continuous probe, but "${probe.name}" is asked in mode ${probe.mode} only`);
    if (typeof params === 'string' && stopConditions.length > 1)
      complain(['stopConditions', i], `"${params}" stands alone: there are other conditions beside it`);
    return [{ kind, params, summary: definition.words(params) }];
  });
}
