/** An imported experiment, written as YAML and read back as a user's run would: whatever an importer makes has to be a valid plan. */
import { loadExperiment } from '../../src/experiment/load.js';
import type { Plan } from '../../src/experiment/plan.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { experimentText } from '../../src/interchange/experiment-text.js';
import type { Imported } from '../../src/interchange/importer.js';

export function planOf(imported: Imported, variables: Readonly<Record<string, string>> = {}): Plan {
  const text = experimentText(imported, { from: 'a test', schema: 'x' });
  return planExperiment({ ...loadExperiment({ text, file: 'imported.yaml', variables }), seed: 1 });
}
