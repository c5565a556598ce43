/** Declared defences: names unique, both ends known and linked. What they say goes into the recorded plan as it is. */
import type { RecordedPolicy } from '../../journal/events.js';
import { checkPolicyEnds, type Known } from './references.js';
import { plainSettings } from './summary.js';

export function resolvePolicies(known: Known): readonly RecordedPolicy[] {
  const seen = new Set<string>();
  return known.experiment.topology.policies.map(({ name, from, to, mechanisms }, i): RecordedPolicy => {
    const path = ['topology', 'policies', i];
    if (seen.has(name)) known.complain([...path, 'name'], `two policies are named "${name}"`);
    seen.add(name);
    checkPolicyEnds({ from, to }, path, known);
    const entries = Object.entries(mechanisms);
    return {
      name,
      from,
      to,
      settings: Object.fromEntries(entries.map(([mechanism, { params }]) => [mechanism, params])),
      summary: entries.map(([mechanism, { written }]) => `${mechanism}${plainSettings(written)}`).join('; '),
    };
  });
}
