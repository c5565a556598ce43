/** Experiments may name programs to run; whoever starts the run has to agree, because a file from somebody else is easily run. */
import { LabError } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import { probes } from '../orchestrator/probes/catalog.js';

/** Throws EXEC_NOT_ALLOWED, naming the first probe that runs a program. Services are programs by nature and need no permission. */
export function refuseExec({ recorded, probes: asked, roles }: Plan): void {
  const role = roles.find(({ probe: { type } }) => probes.get(type)?.executes);
  if (role !== undefined) {
    const what = `\`${String(role.probe.params['argv']).replaceAll(',', ' ')}\` for each instance of ${role.service}`;
    throw new LabError('EXEC_NOT_ALLOWED', { file: recorded.file, probe: role.name, what });
  }
  const probe = asked.find(({ type }) => probes.get(type)?.executes);
  if (probe !== undefined) throw new LabError('EXEC_NOT_ALLOWED', { file: recorded.file, probe: probe.name, what: probe.expectation });
}
