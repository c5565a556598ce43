/** Declared defences: names unique, both ends known and linked. What they say goes into the recorded plan as it is. */
import type { RecordedPolicy } from '../../journal/events.js';
import type { Product } from '../../verify/presets/product.js';
import { checkPolicyEnds, type Known } from './references.js';
import { plainSettings } from './summary.js';

export function resolvePolicies(known: Known): readonly RecordedPolicy[] {
  const seen = new Set<string>();
  return known.experiment.topology.policies.map(({ name, from, to, preset, mechanisms }, i): RecordedPolicy => {
    const path = ['topology', 'policies', i];
    if (seen.has(name)) known.complain([...path, 'name'], `two policies are named "${name}"`);
    seen.add(name);
    checkPolicyEnds({ from, to }, path, known);
    const entries = Object.entries(mechanisms);
    return {
      name,
      from,
      to,
      ...(preset && { preset: preset.params as Product }),
      settings: Object.fromEntries(entries.map(([mechanism, { params }]) => [mechanism, params])),
      summary: [
        ...(preset ? [productSummary(preset.written)] : []),
        ...entries.map(([mechanism, { written }]) => `${mechanism}${plainSettings(written)}`),
      ].join('; '),
    };
  });
}

/** `envoy`, `envoy consecutive5xx 3`. */
function productSummary(written: unknown): string {
  if (typeof written === 'string') return written;
  return Object.entries(written ?? {})
    .map(([product, settings]) => `${product}${plainSettings(settings)}`)
    .join('; ');
}
