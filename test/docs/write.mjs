/** `npm run docs`: fills the README's tables and the schema for editors from the built catalogs. The tests beside it fail while they are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as commands from '../../dist/cli/registry.js';
import { families } from '../../dist/control/metrics/families.js';
import { EXIT, errorCodes, LabError } from '../../dist/core/errors.js';
import { faults } from '../../dist/dataplane/faults/catalog.js';
import { experimentJsonSchema } from '../../dist/experiment/json-schema.js';
import { probes } from '../../dist/orchestrator/probes/catalog.js';
import { stepKinds } from '../../dist/orchestrator/steps/catalog.js';
import { stopConditions } from '../../dist/orchestrator/stop-conditions/catalog.js';
import { loadModels } from '../../dist/orchestrator/workloads/models/catalog.js';
import { reporters } from '../../dist/reports/catalog.js';
import { checks } from '../../dist/verify/checks/catalog.js';
import { readLab } from './lab-tables.mjs';
import { fillTables, tablesOf } from './tables.mjs';

write('README.md', (readme) => fillTables(readme, tables()));
write('experiments/faultlab.schema.json', () => `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);

function tables() {
  return tablesOf({
    faults: faults.all,
    checks: checks.all,
    probes: probes.all,
    steps: stepKinds.all,
    stops: stopConditions.all,
    loads: loadModels.all,
    reporters: reporters.all,
    commands: Object.values(commands),
    metrics: Object.values(families),
    exits: EXIT,
    errors: (details) => errorCodes.map((code) => new LabError(code, details)),
    lab: readLab(),
  });
}

/** The file at its path from the root, made of what it was. */
function write(path, textFrom) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = textFrom(before);
  if (after !== before) writeFileSync(file, after);
  console.log(`${path}: ${after === before ? 'up to date' : 'written'}`);
}
