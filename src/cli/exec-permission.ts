/** Experiments may name programs to run; whoever starts the run has to agree, because a file from somebody else is easily run. */
import { LabError } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import { probes } from '../orchestrator/probes/catalog.js';

/** Throws EXEC_NOT_ALLOWED, naming the first step or probe that runs a program. Services are programs by nature and need no permission. */
export function refuseExec({ recorded, probes: asked, roles, steps }: Plan): void {
  for (const { name, service, probe } of roles) {
    const definition = probes.get(probe.type);
    if (!definition?.executes || definition.role === undefined) continue;
    const words = definition.expectation(definition.role.paramsFor(probe.question, { name: service, fill: (text) => text }));
    throw new LabError('EXEC_NOT_ALLOWED', { file: recorded.file, probe: name, what: `${words}, for each instance of ${service}` });
  }
  const step = steps.find(({ executes }) => executes !== undefined);
  if (step?.executes !== undefined)
    throw new LabError('EXEC_NOT_ALLOWED', { file: recorded.file, kind: 'step', probe: step.name, what: step.executes });
  const probe = asked.find(({ type }) => probes.get(type)?.executes);
  if (probe !== undefined) throw new LabError('EXEC_NOT_ALLOWED', { file: recorded.file, probe: probe.name, what: probe.expectation });
}
